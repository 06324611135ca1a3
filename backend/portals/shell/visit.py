"""One visit to a page: who looks, what they may see, and what they do through the verbs."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse

from backend import clock
from backend.accounts.models import Patient, StaffMember
from backend.api.care import policy
from backend.api.entries import note_list, note_look
from backend.audit.record import Recorded
from backend.db import Row
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.verbs import Verb
from backend.portals.shell.acting import Reply, acted

AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass
class Visit:
    """What a page's view is given. Every look goes through `saw` or `saw_list`: both record it."""

    request: HttpRequest
    actor: Actor
    language: str

    @cached_property
    def now(self) -> datetime:
        """The reader's present instant: a patient's test clock, else the wall clock."""
        return clock.now(getattr(self.request.user, "patient", None))

    @property
    def patient(self) -> Patient:
        """The reader, on a page that is for patients only."""
        found: Patient = self.request.user.patient  # type: ignore[union-attr]
        return found

    @property
    def staff_member(self) -> StaffMember:
        """The reader, on a page that is for people of a clinic only."""
        found: StaffMember = self.request.user.staff_member  # type: ignore[union-attr]
        return found

    def find(self, rows: QuerySet[AnyRow], text: str) -> AnyRow:
        """The row of this public id among those that the actor may see.

        Raises NotFound, or CareRelationRequired for a patient whom the physician does not treat.
        """
        try:
            found = rows.filter(id=parse_id(rows.model.PREFIX, text)).first()
        except NotAnId:
            found = None
        if found is None:
            raise NotFound()
        policy().admit(found, self.actor)
        return found

    def within_reach(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that a list may show to the actor."""
        return policy().within_reach(rows, self.actor, patient=None)

    def saw(self, verb: Verb, on: Recorded) -> None:
        """Leave an entry that one thing was shown."""
        note_look(verb, on=on, by=self.actor)

    def saw_list(self, verb: Verb, rows: Any) -> None:
        """Leave an entry for each patient among the rows shown, or one for an empty list."""
        note_list(verb, rows, path=self.request.path, by=self.actor)

    def act(
        self, path: str, body: dict[str, Any], *, version: int | None = None, apart: str = ""
    ) -> Reply:
        """Do a verb of /v1 as the reader: the same door, permissions, rules and entries.

        The form's `idempotency_key` makes a double click one act; with `apart` it is the key of
        another act, beside the one that the form is for.
        """
        return acted(self.request, path, body, version=version, apart=apart)

    def show(
        self, template: str, content: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page."""
        own = {"visit": self, "actor": self.actor, "language": self.language, "now": self.now}
        return render(self.request, template, own | (content or {}), status=status)

    def go(self, to: str, **parts: Any) -> HttpResponse:
        """Another page, after something was done (303: a reload does it no second time)."""
        return lead(self.request, resolve_url(to, **parts), status=303)


def proof_address(back: str) -> str:
    """Where a reader proves once more who they are, and then comes back to this address."""
    return f"{reverse('account_reauthenticate')}?next={quote(back, safe='/')}"


def lead(request: HttpRequest, address: str, *, status: int = 302) -> HttpResponse:
    """A redirect; a script (htmx, kept drafts) is told where, since it would follow it inside."""
    if request.headers.get("HX-Request") == "true" or "X-Draft" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=status)
