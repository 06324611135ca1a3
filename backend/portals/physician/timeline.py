"""What happened with a patient, newest first, in one line each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backend.portals.physician.words import (
    COURSE_STATUSES,
    PRESCRIPTION_STATUSES,
    VISIT_STATUSES,
)

MOST = 40  # of each kind


@dataclass(frozen=True, slots=True)
class Event:
    """One line. `page` and `ref` name the page that shows more; `level` marks what was found."""

    at: datetime
    what: str
    state: str
    page: str = ""
    ref: str = ""
    level: str = ""


def timeline(
    *,
    visits: Iterable[Any],
    prescriptions: Iterable[Any],
    check_ins: Iterable[Any],
    courses: Iterable[Any],
) -> list[Event]:
    """Rows of each kind as events, the newest first."""
    found = [
        *(_visit(row) for row in visits),
        *(_prescription(row) for row in prescriptions),
        *(_check_in(row) for row in check_ins),
        *(_course(row) for row in courses),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _visit(row: Any) -> Event:
    return Event(
        row.starts_at, _("Visit"), str(VISIT_STATUSES[row.status]), "physician:visit", row.ref
    )


def _prescription(row: Any) -> Event:
    what = _("Prescription: %(mg)s mg a day for %(days)s days") % {
        "mg": row.daily_mg,
        "days": row.days,
    }
    at = row.decided_at or row.submitted_at or row.created_at
    state = str(PRESCRIPTION_STATUSES[row.status])
    return Event(at, what, state, "physician:review", row.ref)


def _check_in(row: Any) -> Event:
    words = {
        "open": _("not answered yet"),
        "answered": _("answered"),
        "missed": _("missed"),
        "cancelled": _("cancelled"),
    }
    day = "" if row.day is None else _("day %(day)s") % {"day": row.day}
    what = " ".join(filter(None, (_("Check-in"), day)))
    return Event(
        row.answered_at or row.opened_at, what, words[row.status], level=row.decision or ""
    )


def _course(row: Any) -> Event:
    what = _("Course %(number)s planned") % {"number": row.number}
    return Event(row.created_at, what, str(COURSE_STATUSES[row.status]))
