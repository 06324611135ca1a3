"""Replay a decision from the stored record alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor
from backend.kernel.errors import FieldError, Unprocessable
from backend.prescriptions.errors import FactsNotReadable
from backend.prescriptions.models import Decision
from backend.prescriptions.reassessing import pack_named
from backend.prescriptions.replaying import Difference, ask_again, differences, digest
from backend.prescriptions.rules import DECISIONS
from backend.prescriptions.trail import Trail, trail_of
from backend.protocol.facts import BadFacts
from backend.protocol.findings import Assessment
from backend.protocol.pack import Pack
from backend.protocol.version import RULES_VERSION
from backend.rulebook.queries import pack_of_version


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the rules answered now; findings as they would be stored."""

    decision: str
    pack: str
    pack_version: str
    rules_version: str
    today: str | None
    findings: list[dict[str, Any]]
    findings_sha256: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision beside its replay. `same`: see ReplayOut."""

    id: str
    purpose: str
    asked_at: datetime
    decision: str
    pack_version: str
    rules_version: str
    facts_sha256: str
    findings_sha256: str
    replayed: Replayed
    same: bool
    differences: tuple[Difference, ...]
    record: Trail


@service
def replay_decision(*, decision_id: UUID, pack: str | None, by: Actor, at: datetime) -> Replay:
    """Ask the stored facts again at the stored instant; nothing of the present is read.

    Without `pack` the stored version of the pack answers: the same findings are expected, to the
    byte. With one (an id, or a version that decisions were made by) that pack does, and `same`
    tells whether the decision would have been. Raises PackNotKept, PackAltered where the stored
    pack is not to be had, FactsNotReadable, and with the pointer `/pack` NoSuchPack, PackNotKept,
    PackAltered (all 422).
    """
    row = Decision.objects.select_related("patient").get(id=decision_id)
    used = pack_of_version(row.pack_version) if pack is None else _named(pack)
    answer = _answer(row, used)
    found = differences(row.decision, row.findings, answer)
    same = not found if pack is None else row.decision == answer.decision.value
    replay = _beside(row, answer, same=same, found=found)
    facts = {
        "same": "yes" if same else "no",
        "unaltered": "yes" if replay.record.unaltered else "no",
        "pack_version": used.version,
        "rules_version": RULES_VERSION,
    }
    record(DECISIONS["replay"].action, on=row, by=by, at=at, facts=facts)
    return replay


def _answer(row: Decision, pack: Pack) -> Assessment:
    try:
        return ask_again(row.facts, row.purpose, at=row.asked_at, pack=pack)
    except BadFacts as bad:
        raise FactsNotReadable(errors=tuple(bad.errors)[:100]) from bad


def _named(name: str) -> Pack:
    try:
        return pack_named(name)
    except Unprocessable as unknown:
        detail = unknown.detail or unknown.title
        raise type(unknown)(detail, [FieldError("/pack", unknown.code, detail)]) from unknown


def _beside(
    row: Decision, answer: Assessment, *, same: bool, found: tuple[Difference, ...]
) -> Replay:
    said = answer.as_json()
    return Replay(
        id=row.ref,
        purpose=row.purpose,
        asked_at=row.asked_at,
        decision=row.decision,
        pack_version=row.pack_version,
        rules_version=row.rules_version,
        facts_sha256=digest(row.facts),
        findings_sha256=digest(row.findings),
        replayed=Replayed(
            decision=said["decision"],
            pack=said["pack"],
            pack_version=said["pack_version"],
            rules_version=RULES_VERSION,
            today=said["today"],
            findings=said["findings"],
            findings_sha256=digest(said["findings"]),
        ),
        same=same,
        differences=found,
        record=trail_of(row),
    )
