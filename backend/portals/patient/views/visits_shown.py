"""What a visit is for the patient just now, and what is still to do before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Patient
from backend.booking.errors import HoldExpired, VisitIsOver
from backend.booking.models import Visit as Booking
from backend.booking.rules import OPENS_BEFORE, VISITS, CancelReason, VisitStatus, is_open_now
from backend.clock import civil_day
from backend.intake.documents import in_force
from backend.intake.queries import responses_visible_to, signatures_visible_to
from backend.intake.rules import ResponseStatus
from backend.kernel.actor import Actor
from backend.portals.shell.offers import Offer, offer
from backend.portals.shell.visit import Visit

JOINABLE = (VisitStatus.BOOKED, VisitStatus.IN_PROGRESS)
REASONS = (
    (CancelReason.SCHEDULE_CONFLICT.value, _("I cannot come at that time")),
    (CancelReason.UNWELL.value, _("I am not well")),
    (CancelReason.TECHNICAL_PROBLEM.value, _("My device or connection does not work")),
    (CancelReason.PATIENT_REQUEST.value, _("I no longer want the visit")),
    (CancelReason.OTHER.value, _("Another reason")),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a visit stands in the patient's eyes. `level`: the colour and sign of its word."""

    name: str
    word: Promise
    level: str = "info"
    is_ahead: bool = False


_HELD = Stage("held", _("Held, not confirmed yet"), "careful")
_HOLD_OVER = Stage("hold_over", _("The hold has ended"), "bad")
_BOOKED = Stage("booked", _("Booked"), "good", is_ahead=True)
_OPEN = Stage("open", _("The video room is open"), "good", is_ahead=True)
_MISSED = Stage("over", _("The time is over"))
_OF_STATUS = {
    VisitStatus.COMPLETED: Stage("completed", _("Took place")),
    VisitStatus.CANCELLED: Stage("cancelled", _("Cancelled")),
    VisitStatus.EXPIRED: _HOLD_OVER,
    VisitStatus.NO_SHOW: Stage("no_show", _("Missed")),
    VisitStatus.IN_PROGRESS: Stage("open", _("Under way"), "good", is_ahead=True),
}


def stage_of(row: Booking, at: datetime) -> Stage:
    """Where the visit stands at an instant: a hold ends and a door opens without an act."""
    if row.status == VisitStatus.HELD:
        return _HELD if row.hold_expires_at and at < row.hold_expires_at else _HOLD_OVER
    if row.status != VisitStatus.BOOKED:
        return _OF_STATUS[VisitStatus(row.status)]
    if is_open_now(row.starts_at, row.ends_at, at):
        return _OPEN
    return _BOOKED if at < row.starts_at else _MISSED


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long something still lasts, by the server's clock: whole seconds from `now` on.

    `ticks` is false where the reader lives on a test clock, which stands still.
    """

    until: datetime
    seconds: int
    ticks: bool

    @property
    def shown(self) -> str:
        """Minutes and seconds."""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


def countdown(row: Booking, at: datetime) -> Countdown | None:
    """Until the hold ends; before a booked visit, until its door opens; else None."""
    ticks = row.patient.test_clock_id is None
    if row.status == VisitStatus.HELD and row.hold_expires_at and at < row.hold_expires_at:
        return Countdown(row.hold_expires_at, _seconds(row.hold_expires_at - at), ticks)
    opens_at = row.starts_at - OPENS_BEFORE
    if row.status == VisitStatus.BOOKED and at < opens_at:
        return Countdown(opens_at, _seconds(opens_at - at), ticks)
    return None


def _seconds(left: timedelta) -> int:
    return int(left.total_seconds())


def confirming(row: Booking, visit: Visit) -> Offer:
    """The button that books what is held."""
    over = stage_of(row, visit.now) is _HOLD_OVER
    unless = HoldExpired.title if over else None
    return offer(VISITS, "confirm", status=row.status, actor=visit.actor, unless=unless)


def cancelling(row: Booking, visit: Visit) -> Offer:
    """The button that cancels what is held or booked."""
    unless = VisitIsOver.title if visit.now >= row.ends_at else None
    return offer(VISITS, "cancel", status=row.status, actor=visit.actor, unless=unless)


class CancelForm(forms.Form):
    """Why a visit does not take place."""

    reason = forms.ChoiceField(
        label=_("Why do you cancel?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )


@dataclass(frozen=True, slots=True)
class Preparation:
    """One thing that a visit needs, whether it is done, and the page where it is done."""

    code: str
    is_done: bool
    page: str = ""
    left: int = 0


def preparations(row: Booking, actor: Actor, at: datetime) -> list[Preparation]:
    """What the visit still needs from the patient: two queries and the clinic's."""
    answered = responses_visible_to(actor).filter(status=ResponseStatus.SUBMITTED).exists()
    unsigned = documents_to_sign(row.patient, actor, at)
    return [
        Preparation("intake", answered, "patient:intake"),
        Preparation("consents", not unsigned, "patient:consents", len(unsigned)),
        Preparation("identity", row.patient.identity_verified_at is not None),
    ]


def documents_to_sign(patient: Patient, actor: Actor, at: datetime) -> Sequence[str]:
    """The ids of the documents in force that carry no standing signature."""
    standing = signatures_visible_to(actor).filter(withdrawn_at__isnull=True)
    signed = set(standing.values_list("document", flat=True))
    wanted = in_force(patient.clinic.programme, civil_day(at, patient.zone))
    return [document.id for document in wanted if document.id not in signed]
