"""The steps that other floors call inside their own transactions."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from django.db import transaction

from backend.kernel.actor import job
from backend.outbox.models import OutboxEvent
from backend.records.errors import NotAFact
from backend.records.models import Statement, Weight
from backend.records.steps.note import (
    note_lab_result,
    note_phq,
    note_pregnancy_test,
    note_statement,
    note_weight,
)
from tests.factories.accounts import PatientFactory

AT = datetime(2026, 3, 10, 15, tzinfo=UTC)  # midnight, so the 11th, in Tokyo
WHO = {"by": job("test"), "at": AT}
SCHEMAS = Path(__file__).parents[2] / "api_schema" / "events"


@pytest.mark.django_db(transaction=True)
def test_a_step_outside_a_transaction_is_refused():
    patient = PatientFactory()

    with pytest.raises(RuntimeError, match="step"):
        note_weight(patient=patient, kg=Decimal(52), taken_on=date(2026, 3, 10), **WHO)
    assert Weight.objects.count() == 0


@pytest.mark.django_db
def test_a_fact_stands_or_falls_with_the_transaction_that_it_is_part_of():
    patient = PatientFactory()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note_statement(patient=patient, topic="pregnancy", value={"pregnant": False}, **WHO)
        raise ZeroDivisionError

    assert Statement.objects.count() == 0


@pytest.mark.django_db
def test_x_06_today_is_the_patients_day():
    in_tokyo, in_london = PatientFactory(), PatientFactory(zone="Europe/London")
    tomorrow = {"kg": Decimal(52), "taken_on": date(2026, 3, 11), **WHO}

    assert note_weight(patient=in_tokyo, **tomorrow).noted_on == date(2026, 3, 11)
    with pytest.raises(NotAFact):
        note_weight(patient=in_london, **tomorrow)


@pytest.mark.django_db
def test_all_complaints_are_made_at_once():
    with pytest.raises(NotAFact) as refusal:
        note_lab_result(
            patient=PatientFactory(),
            analyte="crp",
            value=Decimal("NaN"),
            unit="stone",
            taken_on=date(2027, 1, 1),
            uln=Decimal("0.0001"),
            **WHO,
        )

    assert [error.pointer for error in refusal.value.errors] == [
        "/analyte",
        "/unit",
        "/value",
        "/uln",
        "/taken_on",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"kg": 52}, {"kg": Decimal("52.55")}, {"taken_on": AT}])
def test_a_value_of_another_kind_is_refused(wrong):
    right = {"kg": Decimal(52), "taken_on": date(2026, 3, 10)}

    with pytest.raises(NotAFact):
        note_weight(patient=PatientFactory(), **{**right, **wrong}, **WHO)


@pytest.mark.django_db
def test_dates_in_a_statement_may_be_dates():
    value = {"medicines": [{"code": "doxycycline", "stopped_on": date(2026, 3, 1)}]}

    statement = note_statement(patient=PatientFactory(), topic="medicines", value=value, **WHO)

    assert statement.value["medicines"][0]["stopped_on"] == "2026-03-01"


@pytest.mark.django_db
def test_what_is_announced_is_as_the_schemas_say():
    patient, day = PatientFactory(), date(2026, 3, 10)

    note_phq(patient=patient, taken_on=day, phq2=0, **WHO)
    note_pregnancy_test(patient=patient, taken_on=day, result="negative", setting="clinic", **WHO)
    note_lab_result(
        patient=patient, analyte="alt", value=Decimal(22), unit="U/L", taken_on=day, **WHO
    )

    assert OutboxEvent.objects.count() == 3
    for event in OutboxEvent.objects.all():
        schema = json.loads((SCHEMAS / f"{event.type}.json").read_text())
        jsonschema.validate(event.payload, schema)
