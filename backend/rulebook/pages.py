"""The page of all rules, for signed-in staff: words and numbers, about nobody."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from backend import clock
from backend.api.entries import Target
from backend.api.language import reader_language
from backend.audit.models import Outcome
from backend.audit.record import record
from backend.kernel.actor import Actor
from backend.kernel.errors import Forbidden, NotFound, Problem, Unauthenticated
from backend.protocol.catalogue import Entry, all_packs, catalogue, narrowed
from backend.protocol.findings import Level
from backend.protocol.names import keys_of, sources, word
from backend.rulebook.rules import AT_CLINIC, RULES

LANGUAGES = ("ja", "en")
_VERB = RULES["list"]
_WORDS = {401: "sign_in", 403: "not_permitted", 404: "no_such"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}


class _Link(NamedTuple):
    key: str
    address: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader asks to see: a section, a pack, a language; None is all of them."""

    section: str | None
    pack: str | None
    language: str

    def link(self, **changes: str | None) -> str:
        """The address of this choice with something changed; None takes it away."""
        asked = {"section": self.section, "pack": self.pack, "language": self.language} | changes
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """GET /rules?section=&pack=&language=: every rule, its numbers pack beside pack."""
    actor: Actor | None = getattr(request.user, "actor", None)
    asked = request.GET.get("language", "")
    with translation.override(asked if asked in LANGUAGES else reader_language()):
        try:
            reader = _reader(actor)
            content = _content(_choice(request))
        except Problem as problem:
            return _refused(request, problem, actor)
        _note(request, reader)
        return _page(request, "rulebook/rules.html", content)


def _reader(actor: Actor | None) -> Actor:
    """The actor, if signed in (else Unauthenticated) as staff of a clinic (else Forbidden)."""
    if actor is None:
        raise Unauthenticated()
    if actor.role not in AT_CLINIC or actor.clinic_id is None:
        raise Forbidden()
    return actor


def _choice(request: HttpRequest) -> Choice:
    """What is asked for. Raises NotFound for a section or pack of no such name."""
    section, pack = request.GET.get("section") or None, request.GET.get("pack") or None
    if section not in (None, *keys_of("sections")):
        raise NotFound()
    if pack not in (None, *(known.id for known in all_packs())):
        raise NotFound()
    return Choice(section, pack, reader_language())


def _content(choice: Choice) -> dict[str, Any]:
    """What the template shows."""
    entries = narrowed(catalogue(), section=choice.section, pack=choice.pack)
    return {
        "choice": choice,
        "sections": _sections(entries),
        "count": word("count", count=len(entries)),
        "by_section": [_Link(key, choice.link(section=key)) for key in keys_of("sections")],
        "by_pack": [_Link(pack.id, choice.link(pack=pack.id)) for pack in all_packs()],
        "any_section": choice.link(section=None),
        "any_pack": choice.link(pack=None),
        "packs": [pack for pack in all_packs() if choice.pack in (None, pack.id)],
        "levels": [level.value for level in Level],
        "confidences": keys_of("confidences"),
        "sources": sources().items(),
    }


def _sections(entries: tuple[Entry, ...]) -> list[tuple[str, list[Entry]]]:
    return [(key, list(found)) for key, found in groupby(entries, key=lambda one: one.section)]


def _note(request: HttpRequest, by: Actor, refused: Problem | None = None) -> None:
    """Leave an entry that the rules were looked at, or that somebody wanted to."""
    facts = {"code": refused.code, "status": str(refused.status)} if refused else {}
    with transaction.atomic():
        record(
            _VERB.action,
            on=Target(_VERB.thing),
            by=by,
            at=clock.now(),
            facts={"list": request.path} | facts,
            outcome=Outcome.REFUSED if refused else Outcome.DONE,
        )


def _refused(request: HttpRequest, problem: Problem, actor: Actor | None) -> HttpResponse:
    if actor is not None:
        _note(request, actor, problem)
    key = _WORDS[problem.status]
    answer = _page(request, "rulebook/refused.html", {"title": key, "text": f"{key}_text"})
    answer.status_code = problem.status
    if actor is None:
        answer["WWW-Authenticate"] = 'Bearer realm="suhada"'
    return answer


def _page(request: HttpRequest, template: str, content: dict[str, Any]) -> HttpResponse:
    language = reader_language()
    other = next(one for one in LANGUAGES if one != language)
    query = request.GET.copy()
    query["language"] = other
    content |= {"language": language, "other": other, "other_language": f"?{query.urlencode()}"}
    answer = render(request, template, content)
    answer["Content-Language"] = language
    for name, value in _HEADERS.items():
        answer[name] = value
    return answer
