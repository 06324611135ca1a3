"""Who saw a patient's record: the trail as the patient reads it, newest first.

`record_accesses` is for the API and for the patient's page alike. What was done directly in the
database, past the service, stands there too: row changes that no act of the service explains.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from backend.accounts.models import Patient
from backend.audit.models import AuditEntry, Outcome, PatientKey, RowChange
from backend.audit.read import opened
from backend.auditor.people import DATABASE, People, Who
from backend.auditor.queries import entries_visible_to
from backend.auditor.words import (
    CHANGED,
    SEEN,
    Actions,
    Kind,
    act_of,
    actions_of,
    named,
    of_table,
    word,
)
from backend.kernel.actor import Actor, Role
from backend.kernel.ids import NotAnId, parse_id, public_id
from backend.kernel.text import Text
from backend.origin import EMERGENCY

KINDS = ("seen", "changed", "emergency", "refused")
WHOSE = ("you", "others", "system")
BREAK_GLASS = "emergency_access.break_glass"
_EMERGENCY = f'"purpose":"{EMERGENCY}"'
"""As the canonical bytes have it; of what concerns a patient they hold no free text."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. `kind` is one of KINDS, `by` one of WHOSE.

    `patient` is a public id: auditors may choose one, patients have their own in any case.
    """

    patient: str | None = None
    kind: str | None = None
    by: str | None = None
    at_from: datetime | None = None
    at_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordAccess:
    """Somebody saw or changed something of a patient's record, or was refused it.

    `patient`: the public id, while the patient's key exists. `purpose`: None for what was done
    directly in the database. `emergency_reason` is a code of
    `emergency_reasons` in words.toml, where `is_emergency` and the reason can still be read.
    """

    id: int
    at: datetime
    patient: str | None
    pseudonym: str | None
    who: Who
    action: str
    kind: Kind
    what: Text
    object_ref: str
    request_id: str
    is_refused: bool
    purpose: str | None
    is_emergency: bool
    emergency_reason: str | None

    @property
    def why(self) -> Text | None:
        """The purpose in words, with the reason of an emergency; None where none was said."""
        if self.purpose is None:
            return None
        said = named(self.purpose, "purposes")
        if self.emergency_reason is None:
            return said
        reason = named(self.emergency_reason, "emergency_reasons")
        return Text(f"{said.ja}：{reason.ja}", f"{said.en}: {reason.en}")


def record_accesses(
    actor: Actor, wanted: Wanted | None = None, *, before: int | None = None, count: int = 50
) -> list[RecordAccess]:
    """At most `count` accesses with an id below `before`, newest first; at most eight queries.

    Patients: to their own record. Auditors: to records of their clinic's patients. Nobody else:
    none. Whoever shows them leaves an entry: `backend.auditor.looks.note_read`.
    """
    wanted = wanted or Wanted()
    entries = _newest(_entries(actor, wanted), before, count)
    changes = _newest(_changes(actor, wanted), before, count)
    kept = set(sorted((row.id for row in [*entries, *changes]), reverse=True)[:count])
    return _told(
        [row for row in entries if row.id in kept],
        [row for row in changes if row.id in kept],
        actor,
    )


def _newest(rows: QuerySet, before: int | None, count: int) -> list:
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:count])


def _entries(actor: Actor, wanted: Wanted) -> QuerySet[AuditEntry]:
    rows = _within(entries_visible_to(actor).exclude(pseudonym=None), wanted, "at")
    if wanted.patient is not None:
        of_one = PatientKey.objects.filter(patient_ref=wanted.patient)
        rows = rows.filter(pseudonym__in=list(of_one.values_list("pseudonym", flat=True)))
    if wanted.kind is not None:
        rows = _of_kind(rows, wanted.kind)
    return rows if wanted.by is None else rows.filter(_by(wanted.by, actor))


def _of_kind(rows: QuerySet[AuditEntry], kind: str) -> QuerySet[AuditEntry]:
    if kind == "refused":
        return rows.filter(outcome=Outcome.REFUSED)
    if kind == "emergency":
        text = Func(F("body"), Value("UTF8"), function="convert_from", output_field=TextField())
        return rows.alias(text=text).filter(text__contains=_EMERGENCY)
    actions = actions_of(SEEN if kind == "seen" else CHANGED)
    return rows.filter(_among(actions), outcome=Outcome.DONE)


def _among(actions: Actions) -> Q:
    fitting = Q(action__regex=actions.pattern) & ~Q(action__in=actions.without)
    return fitting | Q(action__in=actions.beside)


def _by(whose: str, actor: Actor) -> Q:
    """`others` are people and pharmacies: whom a patient would ask about."""
    own = Q(actor=actor.label) if actor.role is Role.PATIENT else Q(actor_role=Role.PATIENT)
    system = Q(actor_role=Role.JOB)
    return {"you": own, "system": system, "others": ~own & ~system}[whose]


def _changes(actor: Actor, wanted: Wanted) -> QuerySet[RowChange]:
    """What was done past the service to one patient's rows."""
    patient_id = _patient_id(actor, wanted)
    if patient_id is None or wanted.kind not in (None, "changed") or wanted.by == "you":
        return RowChange.objects.none()
    rows = RowChange.objects.filter(patient_id=patient_id, actor__startswith=f"{DATABASE}:")
    return _within(rows, wanted, "recorded_at") if wanted.by != "system" else rows.none()


def _patient_id(actor: Actor, wanted: Wanted) -> UUID | None:
    """Whose changes: the patient's own, or those of the patient whom an auditor chose."""
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        own = public_id("pt", actor.patient_id)
        return actor.patient_id if wanted.patient in (None, own) else None
    clinic_id = actor.clinic_id
    if actor.role is not Role.AUDITOR or clinic_id is None or wanted.patient is None:
        return None
    try:
        asked = parse_id("pt", wanted.patient)
    except NotAnId:
        return None
    of_clinic = Patient.objects.filter(id=asked, clinic_id=clinic_id)
    return asked if of_clinic.exists() else None


def _within(rows: QuerySet, wanted: Wanted, name: str) -> QuerySet:
    if wanted.at_from is not None:
        rows = rows.filter(**{f"{name}__gte": wanted.at_from})
    if wanted.at_before is not None:
        rows = rows.filter(**{f"{name}__lt": wanted.at_before})
    return rows


def _told(
    entries: Sequence[AuditEntry], changes: Sequence[RowChange], viewer: Actor
) -> list[RecordAccess]:
    labels = {row.actor for row in entries} | {row.actor for row in changes}
    people = People(labels, viewer=viewer)
    names = {row.pseudonym for row in entries}
    refs = {public_id("pt", row.patient_id) for row in changes if row.patient_id}
    keys = PatientKey.objects.filter(Q(pseudonym__in=names) | Q(patient_ref__in=refs))
    known = list(keys.values_list("pseudonym", "patient_ref"))
    by_name, by_ref = dict(known), {ref: name for name, ref in known}
    reasons = _reasons([row for row in entries if row.content.get("purpose") == EMERGENCY])
    found = [_act(row, by_name, people, reasons) for row in entries]
    found += [_change(row, by_ref, people) for row in changes]
    return sorted(found, key=lambda access: -access.id)


def _act(
    row: AuditEntry, refs: dict[str, str | None], people: People, reasons: dict[int, str]
) -> RecordAccess:
    act, is_refused = act_of(row.action), row.outcome == Outcome.REFUSED
    purpose = row.content.get("purpose")
    return RecordAccess(
        id=row.id,
        at=row.at,
        patient=refs.get(row.pseudonym or ""),
        pseudonym=row.pseudonym,
        who=people.who(row.actor),
        action=row.action,
        kind=act.kind,
        what=word("refused", what=act.words) if is_refused else act.words,
        object_ref=refs.get(row.object_ref) or row.object_ref,
        request_id=row.request_id,
        is_refused=is_refused,
        purpose=purpose,
        is_emergency=purpose == EMERGENCY,
        emergency_reason=reasons.get(row.id),
    )


_OPERATIONS = {"insert": Kind.CREATE, "update": Kind.UPDATE, "delete": Kind.DELETE}


def _change(row: RowChange, names: dict[str | None, str], people: People) -> RecordAccess:
    patient = public_id("pt", row.patient_id) if row.patient_id else None
    return RecordAccess(
        id=row.id,
        at=row.recorded_at,
        patient=patient,
        pseudonym=names.get(patient),
        who=people.who(row.actor),
        action=f"{DATABASE}.{row.operation}",
        kind=_OPERATIONS[row.operation],
        what=word(row.operation, table=of_table(row.table_name)),
        object_ref=row.row_id,
        request_id=row.request_id,
        is_refused=False,
        purpose=None,
        is_emergency=False,
        emergency_reason=None,
    )


def _reasons(entries: Sequence[AuditEntry]) -> dict[int, str]:
    """Why the glass was broken through which these were seen or done, by id. Two queries."""
    if not entries:
        return {}
    broken = AuditEntry.objects.filter(
        action=BREAK_GLASS,
        outcome=Outcome.DONE,
        pseudonym__in={row.pseudonym for row in entries},
        actor__in={row.actor for row in entries},
    )
    found: dict[int, str] = {}
    for one in opened(broken.order_by("id")):
        reason = (one.facts or {}).get("reason")
        if isinstance(reason, str):
            found |= {row.id: reason for row in entries if _through(row, one.entry)}
    return found


def _through(row: AuditEntry, broken: AuditEntry) -> bool:
    """Whether an entry came of this breaking of the glass, or of a later one."""
    same = (row.actor, row.pseudonym) == (broken.actor, broken.pseudonym)
    return same and (row.id >= broken.id or row.xid == broken.xid)
