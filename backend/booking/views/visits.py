"""Visits over HTTP: reading and booking."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.schema import operation
from backend.booking.filters import NoteFilters, VisitFilters
from backend.booking.models import Visit
from backend.booking.queries import notes_visible_to, visits_visible_to
from backend.booking.rules import NOTES, VISITS
from backend.booking.serializers.visits import (
    CancelVisitIn,
    HoldVisitIn,
    VisitNoteOut,
    VisitOut,
)
from backend.booking.services.cancel import cancel_visit
from backend.booking.services.confirm import confirm_visit
from backend.booking.services.hold import hold_visit
from backend.kernel.errors import NotFound
from backend.kernel.ids import NotAnId, parse_id


class Visits(Endpoint):
    """GET and POST /v1/visits"""

    verbs = {"get": VISITS["list"], "post": VISITS["hold"]}
    filters = VisitFilters

    @operation(gives=VisitOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """One's own visits, or the clinic's, by when they begin."""
        return self.listed(visits_visible_to(self.actor), VisitOut, order=("starts_at", "id"))

    @operation(takes=HoldVisitIn, gives=VisitOut, status=201)
    def post(self, request: Request) -> HttpResponse:
        """Hold a free slot for ten minutes."""
        asked = self.asked(HoldVisitIn)
        return self.act(
            lambda: hold_visit(
                physician_id=asked["physician"],
                starts_at=asked["starts_at"],
                by=self.actor,
                at=_patients_now(request),
            ),
            VisitOut,
            status=201,
        )


class OneVisit(Endpoint):
    """GET /v1/visits/{visit_id}"""

    verbs = {"get": VISITS["read"]}

    @operation(gives=VisitOut)
    def get(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """One visit."""
        return self.look(self.find(visits_visible_to(self.actor), visit_id), VisitOut)


class ConfirmVisit(Endpoint):
    """POST /v1/visits/{visit_id}/confirm"""

    verbs = {"post": VISITS["confirm"]}

    @operation(takes=NoBody, gives=VisitOut)
    def post(self, request: Request, visit_id: str) -> HttpResponse:
        """Book the held slot. The visit is read once, locked: the busiest path is a short one."""
        self.asked(NoBody)
        try:
            wanted = parse_id(Visit.PREFIX, visit_id)
        except NotAnId as error:
            raise NotFound() from error
        version = self.expected_version()
        return self.act(
            lambda: confirm_visit(
                visit_id=wanted,
                expected_version=version,
                by=self.actor,
                at=_patients_now(request),
            ),
            VisitOut,
        )


class CancelVisit(Endpoint):
    """POST /v1/visits/{visit_id}/cancel"""

    verbs = {"post": VISITS["cancel"]}

    @operation(takes=CancelVisitIn, gives=VisitOut)
    def post(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """Cancel it with a coded reason."""
        asked = self.asked(CancelVisitIn)
        visit = self.find(visits_visible_to(self.actor), visit_id)
        version = self.expected_version()
        return self.act(
            lambda: cancel_visit(
                visit_id=visit.id,
                reason=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(visit.patient),
            ),
            VisitOut,
        )


class VisitNotes(Endpoint):
    """GET /v1/visits/{visit_id}/notes"""

    verbs = {"get": NOTES["list"]}
    filters = NoteFilters

    @operation(gives=VisitNoteOut, many=True)
    def get(self, request: Request, visit_id: str) -> HttpResponse:  # noqa: ARG002
        """The notes of a visit, oldest first."""
        visit = self.find(visits_visible_to(self.actor), visit_id)
        rows = notes_visible_to(self.actor).filter(visit=visit)
        return self.listed(rows, VisitNoteOut, order=("id",))


def _patients_now(request: Request) -> Any:
    """The time where the patient who asks lives; the account came with its patient."""
    patient: Any = getattr(request.user, "patient", None)
    return clock.now(patient)
