"""Reads: who may see which facts, and what the facts about a patient are."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import DecimalField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject

from backend.accounts.models import Patient
from backend.kernel.actor import Actor, Role
from backend.records.models import Fact, LabResult, PhqScore, PregnancyTest, Statement, Weight
from backend.records.rules import READERS
from backend.records.topics import OF_ONE_COURSE, facts_of

AnyFact = TypeVar("AnyFact", bound=Fact)
Facts = dict[str, Any]


def facts_visible_to(actor: Actor, model: type[AnyFact]) -> QuerySet[AnyFact]:
    """The facts of one kind that the actor may see: own, or of the own clinic, or none."""
    rows: QuerySet[AnyFact] = model._default_manager.select_related("patient__test_clock")
    if actor.role is Role.PATIENT:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in READERS:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def facts_about(patient: Patient, *, at: datetime, course_since: datetime | None = None) -> Facts:
    """What was known about the patient at `at`, in the vocabulary of the protocol.

    `course_since`: when the course in question was opened. Check-ins and looks at the skin from
    before belong to an earlier course and say nothing about this one (J-08, T-11).

    Plain JSON: dates as YYYY-MM-DD, decimals as text. Sections `patient`, `contraception`,
    `course`, `checkin`, and the lists `pregnancy_tests`, `labs`, `phq`. What nobody noted is
    absent, which means unknown; a medicine that is not classified makes the medicines unknown.
    Two queries, whatever there is to find.
    """
    facts: Facts = {}
    for statement in _newest_statements(patient, at, course_since):
        for section, said in facts_of(statement.topic, statement.value).items():
            facts.setdefault(section, {}).update(said)
    measured = _measured(patient, at)
    if weights := [_weight(row) for row in measured["weight"]]:
        facts.setdefault("patient", {})["weights"] = weights
    found = {
        "pregnancy_tests": [_test(row) for row in measured["pregnancy_test"]],
        "labs": [_lab(row) for row in measured["lab"]],
        "phq": [_phq(row) for row in measured["phq"]],
    }
    return {**facts, **{section: rows for section, rows in found.items() if rows}}


def _noted_by_then(patient: Patient, at: datetime) -> Q:
    """Noted, and not retracted, at that instant."""
    still = Q(retracted_at__isnull=True) | Q(retracted_at__gt=at)
    return Q(patient=patient, noted_at__lte=at) & still


_MEASURED: dict[str, tuple[type[Fact], tuple[str, ...]]] = {
    "weight": (Weight, ("kg",)),
    "pregnancy_test": (PregnancyTest, ("result", "setting", "coded")),
    "lab": (LabResult, ("analyte", "value", "unit", "fasting", "uln")),
    "phq": (PhqScore, ("phq2", "phq9", "item9")),
}


def _measured(patient: Patient, at: datetime) -> dict[str, list[Facts]]:
    """What was measured and known at `at`, the oldest first: one statement over four tables.

    Decimals come as text, for JSON has none.
    """
    parts = [
        model._default_manager.filter(_noted_by_then(patient, at))
        .annotate(
            kind=Value(kind, output_field=TextField()),
            said=JSONObject(**{name: _exact(model, name) for name in names}),
        )
        .values_list("kind", "taken_on", "noted_at", "id", "said")
        for kind, (model, names) in _MEASURED.items()
    ]
    found: dict[str, list[Facts]] = {kind: [] for kind in _MEASURED}
    for kind, taken_on, *_rest, said in sorted(parts[0].union(*parts[1:], all=True), key=_when):
        found[kind].append({**said, "taken_on": taken_on})
    return found


def _when(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """taken_on, noted_at, id."""
    return row[1:4]


def _exact(model: type[Fact], name: str) -> Any:
    field = model._meta.get_field(name)
    return Cast(name, TextField()) if isinstance(field, DecimalField) else F(name)


def _newest_statements(
    patient: Patient, at: datetime, course_since: datetime | None
) -> Iterable[Statement]:
    """The newest statement of each topic, the oldest of these first.

    A topic is left out, unknown, while the patient contradicts what the clinic noted before: her
    word neither takes a finding back nor is it passed over, until the clinic notes what is so.
    """
    counts = _noted_by_then(patient, at)
    if course_since is not None:
        counts &= ~Q(topic__in=OF_ONE_COURSE, noted_at__lt=course_since)
    newest = (
        Statement.objects.filter(counts)
        .annotate(is_own_word=Q(noted_by__startswith=f"{Role.PATIENT}:"))
        .order_by("topic", "is_own_word", "-noted_at", "-id")
        .distinct("topic", "is_own_word")
    )
    by_topic: dict[str, list[Any]] = {}
    for row in sorted(newest, key=lambda row: (row.noted_at, row.id)):
        by_topic.setdefault(row.topic, []).append(row)
    last = [rows[-1] for rows in by_topic.values() if not _is_contradicted(rows)]
    return sorted(last, key=lambda row: (row.noted_at, row.id))


def _is_contradicted(rows: list[Any]) -> bool:
    """Whether the newest of a topic is the patient's own word, and the clinic's says otherwise.

    A check-in is always hers, and each is a new one.
    """
    if rows[-1].topic == "checkin":
        return False
    return rows[-1].is_own_word and any(row.value != rows[-1].value for row in rows)


def _weight(row: Facts) -> Facts:
    return {"kg": _text(Decimal(row["kg"])), "on": str(row["taken_on"])}


def _test(row: Facts) -> Facts:
    return {
        "taken_on": str(row["taken_on"]),
        "result": row["result"],
        "setting": row["setting"],
        "coded": row["coded"],
    }


def _lab(row: Facts) -> Facts:
    lab: Facts = {
        "analyte": row["analyte"],
        "value": _text(Decimal(row["value"])),
        "unit": row["unit"],
        "taken_on": str(row["taken_on"]),
        "fasting": row["fasting"],
    }
    return lab if row["uln"] is None else {**lab, "uln": _text(Decimal(row["uln"]))}


def _phq(row: Facts) -> Facts:
    given = {name: row[name] for name in ("phq2", "phq9", "item9")}
    scores = {name: points for name, points in given.items() if points is not None}
    return {"on": str(row["taken_on"]), **scores}


def _text(number: Decimal) -> str:
    """A decimal without idle zeros: 52, 6.25."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
