"""Note a clinical fact, inside the transaction of whoever learned it.

Every function raises NotAFact (422, with JSON pointers) for a value outside the vocabulary of
`backend.protocol.vocabulary`, outside what can be measured, or dated after the patient's today
(X-06); and RuntimeError outside a transaction.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.clock import civil_day
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.kernel.canonical import canonical
from backend.kernel.errors import FieldError
from backend.outbox.emit import emit
from backend.protocol import vocabulary as v
from backend.records import events
from backend.records.errors import NotAFact
from backend.records.models import Fact, LabResult, PhqScore, PregnancyTest, Statement, Weight
from backend.records.topics import read_statement
from backend.records.values import Checked

AnyFact = TypeVar("AnyFact", bound=Fact)


def note_weight(
    *, patient: Patient, kg: Decimal, taken_on: date, by: Actor, at: datetime
) -> Weight:
    """Note a weight in kilograms, from 20 to 300 with one decimal."""
    require_transaction()
    checked = Checked(today=civil_day(at, patient.zone))
    checked.decimal("kg", kg, lowest=Decimal(20), highest=Decimal(300), places=1)
    checked.past_day("taken_on", taken_on)
    checked.done()
    weight = Weight(kg=kg, taken_on=taken_on)
    return _kept(weight, patient, by, at, {"kg": str(kg), "taken_on": str(taken_on)})


def note_pregnancy_test(
    *,
    patient: Patient,
    taken_on: date,
    result: str,
    setting: str,
    coded: bool = False,
    by: Actor,
    at: datetime,
) -> PregnancyTest:
    """Note a pregnancy test; `coded`: the photo of a home test shows a one-time code."""
    require_transaction()
    checked = Checked(today=civil_day(at, patient.zone))
    checked.code("result", result, v.TEST_RESULTS)
    checked.code("setting", setting, v.TEST_SETTINGS)
    checked.past_day("taken_on", taken_on)
    checked.done()
    test = PregnancyTest(taken_on=taken_on, result=result, setting=setting, coded=coded)
    facts = {"result": result, "setting": setting, "taken_on": str(taken_on)}
    _kept(test, patient, by, at, facts)
    _announce(events.PREGNANCY_TEST_NOTED, test, at)
    return test


def note_lab_result(
    *,
    patient: Patient,
    analyte: str,
    value: Decimal,
    unit: str,
    taken_on: date,
    fasting: bool = False,
    uln: Decimal | None = None,
    by: Actor,
    at: datetime,
) -> LabResult:
    """Note one laboratory result; `uln` is the laboratory's upper limit in the same unit."""
    require_transaction()
    checked = Checked(today=civil_day(at, patient.zone))
    checked.code("analyte", analyte, v.ANALYTES)
    checked.code("unit", unit, v.UNITS_OF_ANALYTE.get(analyte, v.UNITS))
    checked.decimal("value", value, lowest=Decimal("0.001"), highest=Decimal(999999), places=3)
    if uln is not None:
        checked.decimal("uln", uln, lowest=Decimal("0.001"), highest=Decimal(999999), places=3)
    checked.past_day("taken_on", taken_on)
    checked.done()
    result = LabResult(
        analyte=analyte, value=value, unit=unit, taken_on=taken_on, fasting=fasting, uln=uln
    )
    facts = {"analyte": analyte, "taken_on": str(taken_on), "unit": unit, "value": str(value)}
    _kept(result, patient, by, at, facts)
    _announce(events.LAB_RESULT_NOTED, result, at)
    return result


def note_phq(
    *,
    patient: Patient,
    taken_on: date,
    phq2: int | None = None,
    phq9: int | None = None,
    item9: int | None = None,
    by: Actor,
    at: datetime,
) -> PhqScore:
    """Note PHQ-2 (0-6), PHQ-9 (0-27) and item 9 (0-3); None = not answered (C-19, K-08)."""
    require_transaction()
    checked = Checked(today=civil_day(at, patient.zone))
    checked.score("phq2", phq2, 6)
    checked.score("phq9", phq9, 27)
    checked.score("item9", item9, 3)
    checked.some("", (phq2, phq9, item9))
    checked.past_day("taken_on", taken_on)
    checked.done()
    score = PhqScore(taken_on=taken_on, phq2=phq2, phq9=phq9, item9=item9)
    given = {"phq2": phq2, "phq9": phq9, "item9": item9}
    facts = {name: str(points) for name, points in given.items() if points is not None}
    _kept(score, patient, by, at, {**facts, "taken_on": str(taken_on)})
    _announce(events.PHQ_SCORE_NOTED, score, at)
    return score


def note_statement(
    *, patient: Patient, topic: str, value: Mapping[str, Any], by: Actor, at: datetime
) -> Statement:
    """Note what was stated about a topic, for example `pregnancy`, `{"pregnant": False}`.

    `value` holds the fact keys of the topic (`backend.records.topics.TOPICS`); dates as text or
    `date`. It replaces what the topic's statement before said, as a whole.
    """
    require_transaction()
    plain, errors = read_statement(topic, value)
    _refuse(errors)
    statement = Statement(topic=topic, value=plain)
    digest = hashlib.sha256(canonical(plain)).hexdigest()
    return _kept(statement, patient, by, at, {"topic": topic, "value_sha256": digest})


def _kept(
    fact: AnyFact, patient: Patient, by: Actor, at: datetime, facts: Mapping[str, str]
) -> AnyFact:
    """Save the row with who and when, and record it."""
    fact.patient = patient
    fact.noted_at, fact.noted_by = at, by.label
    fact.noted_on = civil_day(at, patient.zone)
    fact.save(force_insert=True)
    record(fact.table["note"].action, on=fact, by=by, at=at, facts=facts)
    return fact


def _announce(event: str, fact: Fact, at: datetime) -> None:
    """The payload travels to workers: it does not say what kind of result it is."""
    emit(event, at=at, payload={"result_id": fact.ref, "patient_id": fact.patient.ref})


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise NotAFact(errors=tuple(errors[:20]))
