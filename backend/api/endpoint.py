"""The one way in: authenticate, ask the table, parse, call one service, answer, record."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from backend.api.care import policy, within_reach
from backend.api.entries import (
    named,
    note_list,
    note_look,
    note_refusal,
    note_replay,
    patient_id_of,
)
from backend.api.fields import Shape
from backend.api.filters import PAGING, ListFilters, refuse_unknown
from backend.api.idempotency import Claim, Replayed, fingerprint_of, key_of
from backend.api.identity import actor_of
from backend.api.paging import Page, limit_of, page_of, page_of_sorted
from backend.api.problems import problem_of, response_to
from backend.audit.record import Recorded
from backend.db import Row, seam
from backend.kernel.actor import Actor
from backend.kernel.errors import (
    NotFound,
    PreconditionRequired,
    Problem,
    Refused,
    RefusedWithEffect,
    Unauthenticated,
    Unprocessable,
)
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.verbs import Verb

AnyRow = TypeVar("AnyRow", bound=Row)
_ETAG = re.compile(r'"([1-9]\d{0,8})"', re.ASCII)
_NOT_RECORDED = {Unauthenticated.status}  # nobody asked; see backend/accounts/authentication.py


class Endpoint(APIView):
    """A path. `verbs` names the verb of each method; `filters` those of its list."""

    verbs: ClassVar[Mapping[str, Verb]]
    filters: ClassVar[type[ListFilters] | None] = None
    about: Row | None = None  # the thing asked for, once it is found
    http_method_names = ["get", "head", "post", "trace", "options", "put", "patch", "delete"]

    def verb_for(self, method: str | None) -> Verb:
        """The verb behind a method. Raises MethodNotAllowed (405)."""
        name = "get" if method == "HEAD" else (method or "").lower()
        if name not in self.verbs:
            raise drf.MethodNotAllowed(method or "")
        return self.verbs[name]

    @property
    def allowed_methods(self) -> list[str]:
        """For the Allow header."""
        return [name.upper() for name in self.verbs]

    @property
    def actor(self) -> Actor:
        """Who asks."""
        actor = actor_of(self.request)
        if actor is None:
            raise Unauthenticated()
        return actor

    @property
    def verb(self) -> Verb:
        """The verb that is asked for."""
        return self.verb_for(self.request.method)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Negotiate, authenticate, ask the table; then read the body whole (at most 1 MB)."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            _ = request._request.body
        if request.method == "POST" or self.filters is None:
            refuse_unknown(request._request.GET, self.known_parameters())

    def known_parameters(self) -> set[str]:
        """Query parameters of a path that is no filtered list."""
        return set()

    # What a view calls, in this order.

    def find(self, rows: QuerySet[AnyRow], text: str) -> AnyRow:
        """The row with this public id among those the actor may see, else NotFound (404).

        Raises CareRelationRequired (403) for a patient with whom the physician has nothing to do.
        """
        try:
            found = rows.filter(id=parse_id(rows.model.PREFIX, text)).first()
        except NotAnId:
            found = None
        if found is None:
            raise NotFound()
        return self.admitted(found)

    def admitted(self, row: AnyRow) -> AnyRow:
        """The row that a path or a body names, if its record is open to the actor."""
        self.about = row
        policy().admit(row, self.actor)
        return row

    def asked(self, shape: type[Shape]) -> dict[str, Any]:
        """The body in this shape. Raises a 400 that says where it is wrong."""
        body = shape(data=self.request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def expected_version(self) -> int:
        """The version in If-Match. Raises PreconditionRequired (428) when missing.

        A tag that no row can have becomes -1, so that it is stale (412), but only after the
        status was asked: RFC 9110, section 13.2.1, ignores preconditions of a refused request.
        """
        header = self.request.headers.get("If-Match")
        if header is None:
            raise PreconditionRequired()
        found = _ETAG.fullmatch(header.strip())
        return int(found.group(1)) if found else -1

    def act(
        self, use_case: Callable[[], Any], out: type[Serializer], *, status: int = 200
    ) -> HttpResponse:
        """Call one service under the request's Idempotency-Key and answer with its result.

        The reply is kept in the service's own transaction, and so is a refusal with an effect;
        any other refusal (409, 422) is kept and recorded in one of its own.
        """
        request = self.request._request
        claim = Claim(
            whose=lambda result: patient_id_of(result) or patient_id_of(self.about),
            principal=self.actor.label,
            route=request.path,
            key=key_of(request.headers.get("Idempotency-Key")),
            fingerprint=fingerprint_of("POST", request.path, request.body),
            render=lambda result: self.rendered(result, out, status),
            render_refusal=self.refusal,
        )
        token = seam.set(claim)
        try:
            return _replied(use_case, claim)
        except Replayed as replay:
            note_replay(self.verb, replay.response, on=self.about, by=self.actor)
            return replay.response
        finally:
            seam.reset(token)

    def look(self, row: Row, out: type[Serializer]) -> HttpResponse:
        """Answer with one row, and leave an entry that it was seen."""
        self.seen(row)
        response = self.rendered(row, out, 200)
        if self.request.headers.get("If-None-Match") == response.headers.get("ETag", "-"):
            return HttpResponseNotModified(headers={"ETag": response["ETag"]})
        return response

    def seen(self, thing: Recorded) -> None:
        """Leave an entry that a thing was seen (for answers that are not its Out)."""
        note_look(self.verb, on=thing, by=self.actor)

    def listed(
        self, rows: QuerySet[Any], out: type[Serializer], *, order: tuple[str, ...] = ("-id",)
    ) -> HttpResponse:
        """Answer with one page, and leave an entry for each patient shown on it."""
        query = self.request._request.GET
        if self.filters is not None:
            rows = self.filters.apply(query, rows)
        page = page_of(
            within_reach(rows, query, self.actor),
            order=order,
            limit=limit_of(query.get("limit")),
            cursor=query.get("cursor"),
            scope=self.scope(),
        )
        self.record_seen(page.rows)
        return self.paged(page, out)

    def listed_from(
        self, rows: Sequence[Any], out: type[Serializer], *, key: Callable[[Any], str]
    ) -> HttpResponse:
        """One page of a bounded list that is computed, about nobody; `key` is unique, and sorts."""
        query = self.request._request.GET
        refuse_unknown(query, PAGING | self.known_parameters())
        limit, cursor = limit_of(query.get("limit")), query.get("cursor")
        rows = sorted(rows, key=key)
        page = page_of_sorted(rows, key=key, limit=limit, cursor=cursor, scope=self.scope())
        self.record_seen([])
        return self.paged(page, out)

    def scope(self) -> str:
        """Which list of whose this is: a cursor fits no other."""
        query = self.request._request.GET.items()
        asked = sorted(f"{k}={v}" for k, v in query if k not in {"limit", "cursor"})
        return "|".join([self.actor.label, self.request.path, *asked])

    def record_seen(self, rows: list[Any]) -> None:
        """One entry for each patient among the rows, or one for a list that shows none."""
        note_list(self.verb, rows, path=self.request.path, by=self.actor)

    # How it answers.

    def paged(self, page: Page, out: type[Serializer]) -> HttpResponse:
        """A page as JSON, with a Link to the next one (RFC 8288)."""
        data = out(page.rows, many=True, context=self.out_context()).data
        response = _json(
            {
                "data": data,
                "has_more": page.next_cursor is not None,
                "next_cursor": page.next_cursor,
            },
            200,
        )
        if page.next_cursor is not None:
            query = self.request._request.GET.copy()
            query["cursor"] = page.next_cursor
            url = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")
            response["Link"] = f'<{url}>; rel="next"'
        return response

    def rendered(self, result: Any, out: type[Serializer], status: int) -> HttpResponse:
        """A result as JSON, with its ETag where it is a row."""
        response = _json(out(result, context=self.out_context()).data, status)
        if isinstance(result, Row):
            response["ETag"] = f'"{result.version}"'
        if isinstance(result, Row) and status == 201:
            response["Location"] = f"{self.request.path.rstrip('/')}/{result.ref}"
        return response

    def out_context(self) -> dict[str, Any]:
        """What an Out may read: who looks."""
        return {"actor": self.actor, "request": self.request}

    def refusal(self, problem: Problem) -> HttpResponse:
        """The answer to a refusal, with its entry; inside a transaction."""
        self.record_refusal(problem, self.actor)
        return response_to(problem, path=self.request.path)

    def record_refusal(self, problem: Problem, by: Actor) -> None:
        """An entry that somebody asked for something and did not get it."""
        thing = next(iter(self.verbs.values())).thing
        try:
            action = self.verb.action
        except drf.MethodNotAllowed:
            action = f"{thing}.method_not_allowed"
        note_refusal(action, problem, on=self.about or named(self.kwargs.values(), thing), by=by)

    def handle_exception(self, exc: Exception) -> Any:
        """Refusals that met no service leave an entry too, or are not given either (503)."""
        problem = problem_of(exc)
        try:
            recorded = problem.status < 500 and problem.status not in _NOT_RECORDED
            if recorded and (actor := self._whoever_asked()) is not None:
                with transaction.atomic():
                    self.record_refusal(problem, actor)
        except Exception as unrecorded:
            exc = unrecorded
        return super().handle_exception(exc)

    def _whoever_asked(self) -> Actor | None:
        try:
            return actor_of(self.request)
        except (Problem, drf.APIException):  # the credentials are what is wrong
            return None


def _replied(use_case: Callable[[], Any], claim: Claim) -> HttpResponse:
    """Do it once; raises Replayed where it was done before."""
    try:
        use_case()
    except RefusedWithEffect:
        pass  # the service kept the reply with the effect
    except (Refused, Unprocessable) as refusal:
        claim.refuse_alone(refusal)
    return claim.replied


def _json(data: Any, status: int) -> HttpResponse:
    return HttpResponse(
        JSONRenderer().render(data),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "Vary": "Accept-Language, Authorization"},
    )
