"""A pack changed: ask the decisions of open prescriptions under it, and call who must look."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from backend.audit.record import record, record_each
from backend.db import lock_for, service
from backend.kernel.actor import Actor
from backend.prescriptions.models import Decision, Reassessment
from backend.prescriptions.reassessing import Reassessed, newest_decisions, reassess
from backend.prescriptions.rules import DECISIONS, OPEN
from backend.protocol.pack import Pack, load
from backend.rulebook.steps.keep_pack import keep_pack
from backend.worklist.models import Task
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

AT_A_TIME = 100
LOOK_WITHIN = timedelta(hours=24)


@service
def reassess_open(
    *, clinic_id: UUID, pack_id: str, zone: str | None = None, by: Actor, at: datetime
) -> int:
    """Ask at most a hundred decisions under the pack; how many. Call again while it is a hundred.

    The newest decision of each open prescription of the clinic, at the instant that it was made;
    none twice under one version of the pack. Where the pack is more severe, one task for each
    prescription and version. `zone`: only patients who live there, and not on a test clock. `at`
    is the wall clock; a patient on a test clock has that clock's time. Raises NoSuchPack (422).
    """
    pack = load(pack_id)
    lock_for(f"reassess:{clinic_id}:{pack.version}")
    keep_pack(pack, at=at)
    rows = _waiting(clinic_id, pack)
    if zone is not None:
        rows = rows.filter(patient__zone=zone, patient__test_clock__isnull=True)
    found = list(rows.order_by("id")[:AT_A_TIME])
    told = set(_told(found, pack))
    kept = [_kept(row, pack, told=row.prescription_id in told, by=by, at=at) for row in found]
    Reassessment.objects.bulk_create(kept)
    same = [one.decision for one in kept if one.was == one.becomes]
    facts = {"pack_version": pack.version, "becomes": "the same"}
    record_each(DECISIONS["reassess"].action, on=same, by=by, at=at, facts=facts)
    return len(kept)


def _waiting(clinic_id: UUID, pack: Pack) -> QuerySet[Decision]:
    """The decisions of open prescriptions that this version of the pack was not asked about."""
    asked = Reassessment.objects.filter(decision=OuterRef("id"), pack_version=pack.version)
    return (
        newest_decisions()
        .filter(prescription__clinic_id=clinic_id, prescription__status__in=OPEN)
        .exclude(pack_version=pack.version)
        .filter(~Exists(asked))
        .select_related("patient__test_clock", "prescription")
    )


def _told(rows: list[Decision], pack: Pack) -> "QuerySet[Reassessment, UUID]":
    """The prescriptions among these that have their task about this version already."""
    return Reassessment.objects.filter(
        prescription__in=[row.prescription_id for row in rows],
        pack_version=pack.version,
        task__isnull=False,
    ).values_list("prescription_id", flat=True)


def _kept(row: Decision, pack: Pack, *, told: bool, by: Actor, at: datetime) -> Reassessment:
    clock = row.patient.test_clock
    now = clock.frozen_at if clock else at
    answer = reassess(row, pack)
    task = None
    if answer.changes:
        _note(row, answer, pack, by=by, at=now)
    if answer.worsens and not told:
        task = _call(row, answer.prescription, by=by, at=now)
    return Reassessment(
        patient=row.patient,
        prescription=row.prescription,
        decision=row,
        pack=pack.id,
        pack_version=pack.version,
        was=answer.was,
        becomes=answer.becomes,
        rules=list(answer.rules),
        task=task,
        asked_at=now,
    )


def _note(row: Decision, answer: Reassessed, pack: Pack, *, by: Actor, at: datetime) -> None:
    facts = {
        "about": answer.prescription,
        "was": answer.was,
        "becomes": answer.becomes,
        "rules": ",".join(answer.rules),
        "pack_version": pack.version,
    }
    record(DECISIONS["reassess"].action, on=row, by=by, at=at, facts=facts)


def _call(row: Decision, about_ref: str, *, by: Actor, at: datetime) -> Task:
    """Nothing is halted: the hand-over asks the pack in force itself."""
    return open_task(
        patient=row.patient,
        kind=TaskKind.PACK_CHANGED,
        priority=Priority.NORMAL,
        due_at=at + LOOK_WITHIN,
        about_ref=about_ref,
        blocks_release=False,
        by=by,
        at=at,
    )
