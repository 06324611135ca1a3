"""What came of a visit while no treatment is planned: only what the record holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.accounts.models import Patient
from backend.booking.models import Visit
from backend.booking.rules import VisitStatus
from backend.clock import civil_day
from backend.portals.patient.prescription_words import why_declined
from backend.prescriptions.models import Course, Prescription

NEWS_WITHIN = timedelta(days=7)  # ours: so long "your physician decides" is said, and no longer


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code`: `deciding`, just after a visit; `none`, nothing came of it so far; `called_off`,
    the course that was planned is cancelled. `why`: what the physician wrote to the patient.
    """

    code: str
    visited_on: date | None = None
    days_ago: int = 0
    why: str = ""


def last_seen(visits: Sequence[Visit]) -> Visit | None:
    """The latest of the visits that took place."""
    seen = [row for row in visits if row.status == VisitStatus.COMPLETED and row.started_at]
    return max(seen, key=_began, default=None)


def outcome_of(
    last: Visit | None,
    called_off: Course | None,
    declined: Prescription | None,
    patient: Patient,
    *,
    at: datetime,
    language: str,
) -> Outcome | None:
    """What to say of it; None before the first visit.

    `called_off` is the newest course where that one was cancelled; a visit since then counts more.
    """
    if called_off is not None and (last is None or _began(last) <= _known(called_off, declined)):
        return Outcome("called_off", why=why_declined(declined, language) if declined else "")
    if last is None:
        return None
    on = civil_day(_began(last), patient.zone)
    code = "deciding" if at - _began(last) < NEWS_WITHIN else "none"
    return Outcome(code, on, (civil_day(at, patient.zone) - on).days)


def _began(visit: Visit) -> datetime:
    return visit.started_at or visit.starts_at


def _known(course: Course, prescription: Prescription | None) -> datetime:
    """The last that is known of a cancelled course: when it was cancelled is not kept with it."""
    if prescription is None:
        return course.created_at
    moments = (prescription.created_at, prescription.decided_at, prescription.voided_at)
    return max(course.created_at, *(each for each in moments if each is not None))
