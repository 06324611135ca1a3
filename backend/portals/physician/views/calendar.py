"""The physician's day: visits by the hour, and the way to the next and the last day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse

from backend.accounts.queries import clocks_visible_to
from backend.booking.queries import visits_visible_to
from backend.booking.rules import VISITS, VisitStatus
from backend.clock import civil_day
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound
from backend.portals.physician.words import VISIT_STATUSES
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit

SHOWN = (
    VisitStatus.BOOKED,
    VisitStatus.IN_PROGRESS,
    VisitStatus.COMPLETED,
    VisitStatus.NO_SHOW,
)
MOST = 200  # visits of one day; slots are at least minutes long


@page(VISITS["list"], only=Role.PHYSICIAN)
def calendar(visit: Visit) -> HttpResponse:
    """GET /physician/calendar?day=2026-03-12: one's own visits of a day, where the clinic is."""
    staff = visit.staff_member
    zone = staff.clinic.zone
    today = civil_day(_now(visit), zone)
    day = _asked(visit.request.GET.get("day"), today)
    begins = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    rows = visits_visible_to(visit.actor).filter(
        physician=staff, starts_at__gte=begins, starts_at__lt=ends, status__in=SHOWN
    )
    shown = list(visit.within_reach(rows).order_by("starts_at", "id")[:MOST])
    visit.saw_list(VISITS["list"], shown)
    return visit.show(
        "physician/calendar.html",
        {
            "day": day,
            "today": today,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "visits": [(row, VISIT_STATUSES[row.status]) for row in shown],
        },
    )


def _now(visit: Visit) -> datetime:
    """The clinic's present instant. In a sandbox its patients live on a test clock, the newest."""
    if not settings.SANDBOX:
        return visit.now
    lived_on = clocks_visible_to(visit.actor).filter(patients__isnull=False)
    newest = lived_on.order_by("-id").first()
    return newest.frozen_at if newest else visit.now


def _asked(text: str | None, today: date) -> date:
    """The day that is asked for, today if none is. Raises NotFound for what is no day."""
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound() from error
    if abs((day - today).days) > 3660:
        raise NotFound()
    return day
