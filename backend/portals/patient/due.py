"""What comes next for a patient: one main thing to do, and what waits after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.clock import civil_day
from backend.followups.models import CheckIn, FollowUp
from backend.portals.patient.medicine import Taking
from backend.prescriptions.models import Course, Prescription
from backend.prescriptions.rules import ISSUED, UNSIGNED
from backend.protocol.days import add_days
from backend.protocol.pack import Pack

SOON = 14  # days before the last capsule from which the next supply is spoken of


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due. `is_now`: today. `first_on`, `last_on`: the days of its window."""

    code: str
    icon: str
    title: str | Promise
    is_now: bool = False
    first_on: date | None = None
    last_on: date | None = None
    href: str = ""
    action: str | Promise = ""
    text: str | Promise = ""


def check_in_due(rows: Sequence[CheckIn], zone: str) -> list[Due]:
    """The check-ins that wait for an answer, the oldest first; days are those of `zone`."""
    return [
        Due(
            "check_in",
            "chat",
            _("Check-in: how are you?"),
            is_now=True,
            last_on=civil_day(row.due_at, zone),
            href=reverse("patient:check_in", args=[row.ref]),
            action=_("Answer now"),
            text=_("It takes less than a minute."),
        )
        for row in rows
    ]


def next_check_in(row: FollowUp | None) -> list[Due]:
    """The check-in that comes by itself on its day."""
    if row is None:
        return []
    return [Due("next_check_in", "chat", _("Next check-in"), first_on=row.local_date)]


def visit_due(row: Any, stage: Any, zone_day: date) -> list[Due]:
    """The next visit: now when its door is open."""
    if row is None:
        return []
    is_open = stage.name == "open"
    return [
        Due(
            "visit",
            "video",
            _("The video room is open") if is_open else _("Your visit"),
            is_now=is_open,
            first_on=zone_day,
            href=reverse("patient:visit", args=[row.ref]),
            action=_("To the visit"),
        )
    ]


def medicine_due(row: Prescription | None) -> list[Due]:
    """A prescription on its way: being checked, or waiting to be picked up until a day."""
    if row is None or row.status not in (*UNSIGNED, *ISSUED):
        return []
    if row.status in UNSIGNED:
        return [
            Due("prescription", "pill", _("Your prescription is being checked"), href=_course())
        ]
    return [
        Due(
            "pick_up",
            "pill",
            _("Your medicine is ready to be handed over"),
            is_now=True,
            last_on=row.valid_until,
            href=_course(),
            action=_("See the prescription"),
            text=_("After that day it can no longer be handed over."),
        )
    ]


def pregnancy_test_due(
    taking: Taking | None, newest_negative_on: date | None, pack: Pack, today: date
) -> list[Due]:
    """The test before the next supply: within the pack's window of its day (P-JP-02)."""
    if taking is None or "test_window" not in pack.numbers:
        return []
    last_on = max(taking.until, today)
    first_on = add_days(last_on, 1 - pack.whole("test_window"))
    is_done = newest_negative_on is not None and newest_negative_on >= first_on
    if is_done:
        return []
    return [
        Due(
            "pregnancy_test",
            "test",
            _("Pregnancy test before the next supply"),
            is_now=first_on <= today,
            first_on=first_on,
            last_on=last_on,
            text=_("Please take it within these days; the next supply waits for it."),
        )
    ]


def laboratory_due(course: Course, newest_on: date | None, pack: Pack, today: date) -> list[Due]:
    """The blood test at the peak dose (L-01), or after a month (L-02), where the pack asks it."""
    name = "peak" if "peak_results_due_from" in pack.numbers else "label"
    if course.started_on is None or f"{name}_results_due_from" not in pack.numbers:
        return []
    first_on = add_days(course.started_on, pack.whole(f"{name}_results_taken_from"))
    last_on = add_days(course.started_on, pack.whole(f"{name}_results_due_from"))
    is_done = newest_on is not None and newest_on >= first_on
    if is_done:
        return []
    return [
        Due(
            "laboratory",
            "test",
            _("Blood test: liver and blood fats"),
            is_now=first_on <= today,
            first_on=first_on,
            last_on=last_on,
            text=_("The next supply after that waits for the result."),
        )
    ]


def supply_due(
    taking: Taking | None, has_visit: bool, is_on_its_way: bool, today: date
) -> list[Due]:
    """A visit for the next supply, when the capsules come to an end and none is arranged."""
    if taking is None or has_visit or is_on_its_way:
        return []
    if taking.until - today > timedelta(days=SOON):
        return []
    return [
        Due(
            "supply",
            "calendar",
            _("Book a visit for the next supply"),
            is_now=True,
            last_on=taking.until,
            href=reverse("patient:slots"),
            action=_("Find a time"),
            text=_("Your capsules last until then."),
        )
    ]


def in_order(found: Sequence[Due]) -> tuple[Due | None, list[Due]]:
    """The one thing to do now, and everything else in the order given."""
    main = next((one for one in found if one.is_now and one.href), None)
    return main, [one for one in found if one is not main]


def _course() -> str:
    return reverse("patient:course")
