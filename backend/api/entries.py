"""What requests leave in the audit trail: looks, lists, refusals, and replies shown once more."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse

from backend import clock
from backend.api.care import policy
from backend.audit.models import Outcome
from backend.audit.record import Recorded, patient_ref, record, record_each
from backend.kernel.actor import Actor
from backend.kernel.errors import Problem
from backend.kernel.verbs import Verb
from backend.origin import EMERGENCY, for_purpose


@dataclass(frozen=True, slots=True)
class Target:
    """What an entry is about when there is no row to point at: a list, a thing not found."""

    ref: str
    patient: "Target | None" = None


def patient_id_of(thing: Any) -> UUID | None:
    """The patient whom a thing concerns, if any: itself, or its `patient`."""
    own = getattr(thing, "id", None) if getattr(thing, "PREFIX", "") == "pt" else None
    found: UUID | None = own or getattr(thing, "patient_id", None)
    return found


def note_look(verb: Verb, *, on: Recorded, by: Actor) -> None:
    """Leave an entry that a thing was seen."""
    with transaction.atomic():
        record(verb.action, on=on, by=by, at=_now_for(on))


def note_list(verb: Verb, rows: Iterable[Any], *, path: str, by: Actor) -> None:
    """Leave one entry for each patient among the rows, or one for a list that shows none."""
    rows = list(rows)
    opened = policy().seen_through_glass(rows, by)
    through = [row for row in rows if getattr(row, "patient_id", None) in opened]
    if through:
        with for_purpose(EMERGENCY):
            _note_shown(verb, through, path=path, by=by)
    if len(through) < len(rows) or not rows:
        _note_shown(verb, [row for row in rows if row not in through], path=path, by=by)


def _note_shown(verb: Verb, rows: Iterable[Any], *, path: str, by: Actor) -> None:
    shown: dict[str, Recorded] = {}
    for row in rows:
        whose = getattr(row, "patient", None) or row
        shown.setdefault(whose.ref, whose)
    on = shown.values() or [Target(verb.thing)]
    with transaction.atomic():
        record_each(verb.action, on=on, by=by, at=clock.now(), facts={"list": path})


def note_refusal(action: str, problem: Problem, *, on: Recorded, by: Actor) -> None:
    """Leave an entry, in the transaction under way, that somebody asked and did not get it."""
    facts = {"code": problem.code, "status": str(problem.status)}
    record(action, on=on, by=by, at=clock.now(), facts=facts, outcome=Outcome.REFUSED)


def note_replay(verb: Verb, reply: HttpResponse, *, on: Recorded | None, by: Actor) -> None:
    """Leave an entry that a kept reply was shown once more; nothing was done this time."""
    facts = {"status": str(reply.status_code)}
    about = _shown_in(reply, on or Target(verb.thing))
    with transaction.atomic():
        record(f"{verb.action}.replayed", on=about, by=by, at=clock.now(), facts=facts)


def named(refs: Iterable[Any], thing: str) -> Target:
    """What was asked for by an id, if that can be written down; else the kind of thing."""
    *_, last = ["", *(ref for ref in refs if isinstance(ref, str))]
    return Target(last[:40] if last.isascii() and last.isprintable() and last else thing)


def _shown_in(reply: HttpResponse, asked_for: Recorded) -> Target:
    """The thing that a kept reply shows (else what was asked for), and its patient."""
    body = json.loads(reply.content or b"{}")
    patient = patient_ref(asked_for) or body.get("patient")
    ref = str(body.get("id", asked_for.ref))
    return Target(ref, Target(patient) if isinstance(patient, str) else None)


def _now_for(row: Any) -> datetime:
    subject = getattr(row, "patient", None) or row
    return clock.now(subject if hasattr(subject, "test_clock_id") else None)
