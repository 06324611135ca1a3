"""Visits over HTTP: the session itself, its room and its calendar file."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.schema import operation
from backend.booking.calendar_file import calendar_file
from backend.booking.errors import NotYourVisit, RoomClosed
from backend.booking.models import Visit
from backend.booking.queries import visits_visible_to
from backend.booking.rules import VISITS, VisitStatus
from backend.booking.serializers.visits import (
    AddNoteIn,
    CompleteVisitIn,
    JoinOut,
    StartVisitIn,
    VisitNoteOut,
    VisitOut,
)
from backend.booking.services.add_note import add_note
from backend.booking.services.complete import complete_visit
from backend.booking.services.mark_no_show import mark_no_show
from backend.booking.services.start import start_visit
from backend.booking.video import check_room_open
from backend.kernel.actor import Role

_JOINABLE = (VisitStatus.BOOKED, VisitStatus.IN_PROGRESS)


class StartVisit(Endpoint):
    """POST /v1/visits/{visit_id}/start"""

    verbs = {"post": VISITS["start"]}

    @operation(takes=StartVisitIn, gives=VisitOut)
    def post(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """Record that the session has begun."""
        asked = self.asked(StartVisitIn)
        visit = self.find(visits_visible_to(self.actor), visit_id)
        version = self.expected_version()
        return self.act(
            lambda: start_visit(
                visit_id=visit.id,
                **asked,
                expected_version=version,
                by=self.actor,
                at=_now(visit),
            ),
            VisitOut,
        )


class CompleteVisit(Endpoint):
    """POST /v1/visits/{visit_id}/complete"""

    verbs = {"post": VISITS["complete"]}

    @operation(takes=CompleteVisitIn, gives=VisitOut)
    def post(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """Record that the session has ended, with its checklist."""
        asked = self.asked(CompleteVisitIn)
        visit = self.find(visits_visible_to(self.actor), visit_id)
        version = self.expected_version()
        return self.act(
            lambda: complete_visit(
                visit_id=visit.id,
                checklist=asked,
                expected_version=version,
                by=self.actor,
                at=_now(visit),
            ),
            VisitOut,
        )


class AddNote(Endpoint):
    """POST /v1/visits/{visit_id}/add_note"""

    verbs = {"post": VISITS["add_note"]}

    @operation(takes=AddNoteIn, gives=VisitNoteOut)
    def post(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """Append a note; after completion, an addendum."""
        asked = self.asked(AddNoteIn)
        visit = self.find(visits_visible_to(self.actor), visit_id)
        version = self.expected_version()
        return self.act(
            lambda: add_note(
                visit_id=visit.id,
                text=asked["text"],
                expected_version=version,
                by=self.actor,
                at=_now(visit),
            ),
            VisitNoteOut,
        )


class MarkNoShow(Endpoint):
    """POST /v1/visits/{visit_id}/mark_no_show"""

    verbs = {"post": VISITS["mark_no_show"]}

    @operation(takes=NoBody, gives=VisitOut)
    def post(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """Record that the patient did not come."""
        self.asked(NoBody)
        visit = self.find(visits_visible_to(self.actor), visit_id)
        version = self.expected_version()
        return self.act(
            lambda: mark_no_show(
                visit_id=visit.id, expected_version=version, by=self.actor, at=_now(visit)
            ),
            VisitOut,
        )


class JoinVisit(Endpoint):
    """GET /v1/visits/{visit_id}/join"""

    verbs = {"get": VISITS["join"]}

    @operation(gives=JoinOut, may_refuse=True)
    def get(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """The room's address, from 10 minutes before the slot to 30 after it."""
        visit = self.find(visits_visible_to(self.actor), visit_id)
        if self.actor.role is Role.PHYSICIAN and visit.physician.user_id != self.actor.user_id:
            raise NotYourVisit()
        if visit.status not in _JOINABLE:
            raise RoomClosed()
        check_room_open(visit, _now(visit))
        return self.look(visit, JoinOut)


class CalendarRenderer(BaseRenderer):
    """Lets `Accept: text/calendar` in; the bytes are made by `calendar_file`."""

    media_type = "text/calendar"
    format = "ics"

    def render(self, data: Any, *_: Any) -> Any:
        """Never asked: the view answers with a finished response."""
        return data


class VisitCalendar(Endpoint):
    """GET /v1/visits/{visit_id}/calendar"""

    verbs = {"get": VISITS["read_calendar"]}
    renderer_classes = (CalendarRenderer,)

    @operation(gives=OpenApiTypes.STR)
    def get(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """The visit as a calendar file that names neither medicine nor illness."""
        visit = self.find(visits_visible_to(self.actor), visit_id)
        self.seen(visit)
        return HttpResponse(
            calendar_file(visit),
            content_type="text/calendar; charset=utf-8",
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="visit.ics"',
                "ETag": f'"{visit.version}"',
            },
        )


def _now(visit: Visit) -> datetime:
    return clock.now(visit.patient)
