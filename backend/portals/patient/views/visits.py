"""The patient's visits: hold, booking, waiting room and the door of the video room."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from backend.booking.errors import RoomClosed
from backend.booking.models import Visit as Booking
from backend.booking.queries import visits_visible_to
from backend.booking.rules import OPEN, VISITS, VisitStatus
from backend.booking.video import check_room_open, provider
from backend.kernel.actor import Role
from backend.kernel.ids import NotAnId, parse_id
from backend.portals.patient.views.visits_shown import (
    JOINABLE,
    CancelForm,
    cancelling,
    confirming,
    countdown,
    preparations,
    stage_of,
)
from backend.portals.shell.acting import Reply
from backend.portals.shell.door import page
from backend.portals.shell.forms import version_in
from backend.portals.shell.visit import Visit

PAST_SHOWN = 10
FUTURE_SHOWN = 20


@page(VISITS["list"], only=Role.PATIENT)
def visits(visit: Visit) -> HttpResponse:
    """GET /me/visits: what is to come, and what has been (`?all=1`: more of it)."""
    mine = visits_visible_to(visit.actor)
    many = 100 if visit.request.GET.get("all") else PAST_SHOWN
    coming = mine.filter(status__in=[*OPEN, VisitStatus.IN_PROGRESS], ends_at__gt=visit.now)
    gone = mine.exclude(pk__in=coming.values("pk")).exclude(status=VisitStatus.EXPIRED)
    ahead = list(coming.order_by("starts_at", "id")[:FUTURE_SHOWN])
    behind = list(gone.order_by("-starts_at", "-id")[: many + 1])
    visit.saw_list(VISITS["list"], ahead + behind)
    content = {
        "coming": [(row, stage_of(row, visit.now)) for row in ahead],
        "gone": [(row, stage_of(row, visit.now)) for row in behind[:many]],
        "has_more": len(behind) > many,
    }
    return visit.show("patient/visits.html", content)


@page(VISITS["read"], only=Role.PATIENT, changes=True)
def one_visit(visit: Visit, visit_id: str) -> HttpResponse:
    """GET /me/visits/{id}: hold, booking or waiting room. POST `do`: confirm or cancel it."""
    row = visit.find(visits_visible_to(visit.actor), visit_id)
    if visit.request.method != "POST":
        return _shown(visit, row)
    if visit.request.POST.get("do") == "cancel":
        return _cancelled(visit, row)
    return _confirmed(visit, row)


@page(VISITS["join"], only=Role.PATIENT)
def join_visit(visit: Visit, visit_id: str) -> HttpResponse:
    """GET /me/visits/{id}/join: on to the video room, while its door is open."""
    row = visit.find(visits_visible_to(visit.actor), visit_id)
    if row.status not in JOINABLE:
        raise RoomClosed()
    check_room_open(row, visit.now)
    visit.saw(VISITS["join"], row)
    return HttpResponseRedirect(provider().room_url(row))


def _confirmed(visit: Visit, row: Booking) -> HttpResponse:
    reply = visit.act(f"/v1/visits/{row.ref}/confirm", {}, version=version_in(visit.request))
    if not reply.ok:
        return _shown(visit, row, problem=reply)
    messages.success(visit.request, _("Your visit is booked."))
    _let_go_of_the_old_one(visit)
    return visit.go("patient:visit", visit_id=row.ref)


def _let_go_of_the_old_one(visit: Visit) -> None:
    """A visit that was moved: its old time is free again."""
    old = visits_visible_to(visit.actor).filter(
        id=_id_of(visit.request.POST.get("instead", "")), status=VisitStatus.BOOKED
    )
    for row in old:
        path = f"/v1/visits/{row.ref}/cancel"
        if visit.act(path, {"reason": "schedule_conflict"}, version=row.version).ok:
            messages.success(visit.request, _("Your earlier time was cancelled."))
        else:
            messages.warning(
                visit.request,
                _("Your earlier time still stands. Please cancel it in the list of visits."),
            )


def _cancelled(visit: Visit, row: Booking) -> HttpResponse:
    form = CancelForm(visit.request.POST)
    if not form.is_valid():
        return _shown(visit, row, form=form, status=422)
    reason = form.cleaned_data["reason"]
    was_held = row.status == VisitStatus.HELD
    reply = visit.act(
        f"/v1/visits/{row.ref}/cancel", {"reason": reason}, version=version_in(visit.request)
    )
    if not reply.ok:
        return _shown(visit, row, problem=reply)
    if was_held:
        messages.success(visit.request, _("You let the time go. Nothing is booked."))
        return visit.go("patient:slots")
    messages.success(visit.request, _("Your visit is cancelled."))
    return visit.go("patient:visit", visit_id=row.ref)


def _shown(
    visit: Visit,
    row: Booking,
    *,
    problem: Reply | None = None,
    form: CancelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if problem is not None:
        row = visit.find(visits_visible_to(visit.actor), row.ref)
    visit.saw(VISITS["read"], row)
    stage = stage_of(row, visit.now)
    asked: Any = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    content = {
        "row": row,
        "stage": stage,
        "countdown": countdown(row, visit.now),
        "confirm": confirming(row, visit),
        "cancel": cancelling(row, visit),
        "form": form or CancelForm(),
        "preparations": preparations(row, visit.actor, visit.now) if stage.is_ahead else [],
        "instead": asked.get("instead", ""),
        "problem": problem,
    }
    return visit.show("patient/visit.html", content, status=problem.status if problem else status)


def _id_of(ref: str) -> Any:
    try:
        return parse_id(Booking.PREFIX, ref)
    except NotAnId:
        return None
