"""Find a free time with a physician, and hold it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from backend import clock
from backend.accounts.models import StaffMember
from backend.accounts.queries import physicians_visible_to
from backend.booking.models import Visit as Booking
from backend.booking.queries import visits_visible_to
from backend.booking.rules import HOLD_FOR, SLOTS, VisitStatus
from backend.kernel.actor import Role
from backend.kernel.ids import NotAnId, parse_id
from backend.portals.patient.views.slots_found import find
from backend.portals.patient.views.welcome_form import ZONES
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.visit import Visit

LAST_DAY = date(2199, 1, 1)


@page(SLOTS["list"], only=Role.PATIENT, changes=True)
def slots(visit: Visit) -> HttpResponse:
    """GET /me/slots?physician&from: free times. POST: hold one of them for ten minutes.

    `instead` names a visit that is to be cancelled once the new one is confirmed.
    """
    asked = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    if visit.request.method != "POST":
        return _shown(visit, asked, first=_day(asked.get("from", "")))
    reply = visit.act(
        "/v1/visits",
        {"physician": asked.get("physician", ""), "starts_at": asked.get("starts_at", "")},
    )
    if not reply.ok:
        return _shown(visit, asked, first=_day_of(asked.get("starts_at", ""), visit), problem=reply)
    address = reverse("patient:visit", kwargs={"visit_id": reply.data["id"]})
    instead = asked.get("instead", "")
    return visit.go(f"{address}?{urlencode({'instead': instead})}" if instead else address)


def _shown(
    visit: Visit, asked: Any, *, first: date | None, problem: Reply | None = None
) -> HttpResponse:
    physicians = list(physicians_visible_to(visit.actor).order_by("name", "id"))
    chosen = _chosen(physicians, asked.get("physician", ""))
    me = visit.patient
    today = clock.civil_day(visit.now, me.zone)
    day = max(first or today, today)
    found = (
        find(chosen, day, zone=me.zone, by=visit.actor, at=visit.now, asked=first is not None)
        if chosen
        else None
    )
    visit.saw_list(SLOTS["list"], [])
    instead = _instead(visit, asked.get("instead", ""))
    content = {
        "chosen": chosen,
        "others": [one for one in physicians if one is not chosen],
        "found": found,
        "today": today,
        "last_day": LAST_DAY,
        "held": _held(visit),
        "instead": instead,
        "tail": f"&instead={instead.ref}" if instead else "",
        "hold_minutes": HOLD_FOR // timedelta(minutes=1),
        "zone_name": dict(ZONES).get(me.zone, me.zone),
        "problem": problem,
    }
    return visit.show("patient/slots.html", content, status=problem.status if problem else 200)


def _chosen(physicians: list[StaffMember], ref: str) -> StaffMember | None:
    """The physician who was asked for, else the first."""
    return next(
        (one for one in physicians if one.ref == ref), physicians[0] if physicians else None
    )


def _held(visit: Visit) -> Booking | None:
    """The slot that the patient holds already, not confirmed yet."""
    rows = visits_visible_to(visit.actor).filter(
        status=VisitStatus.HELD, hold_expires_at__gt=visit.now
    )
    return rows.order_by("-id").first()


def _instead(visit: Visit, ref: str) -> Booking | None:
    """The booked visit of the patient that is to be moved, if that is what this is about."""
    try:
        wanted = parse_id(Booking.PREFIX, ref)
    except NotAnId:
        return None
    return visits_visible_to(visit.actor).filter(id=wanted, status=VisitStatus.BOOKED).first()


def _day(text: str) -> date | None:
    """The civil day that was asked for; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day < LAST_DAY else None


def _day_of(text: str, visit: Visit) -> date | None:
    """The day, where the patient lives, of the slot that was wanted."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or not 1900 < at.year < LAST_DAY.year:
        return None
    return clock.civil_day(at.astimezone(UTC), visit.patient.zone)
