"""What PostgreSQL itself refuses, whoever asks."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories.records import (
    DAY,
    LabResultFactory,
    PhqScoreFactory,
    PregnancyTestFactory,
    StatementFactory,
    WeightFactory,
)

pytestmark = pytest.mark.django_db
FACTS = (WeightFactory, PregnancyTestFactory, LabResultFactory, PhqScoreFactory, StatementFactory)


@pytest.mark.parametrize(
    ("make", "wrong", "constraint"),
    [
        (WeightFactory, {"kg": Decimal("19.9")}, "weight_from_20_to_300_kg"),
        (WeightFactory, {"kg": Decimal("300.1")}, "weight_from_20_to_300_kg"),
        (PregnancyTestFactory, {"result": "faint"}, "pregnancy_test_result_known"),
        (PregnancyTestFactory, {"setting": "school"}, "pregnancy_test_setting_known"),
        (LabResultFactory, {"analyte": "crp"}, "lab_result_analyte_and_unit_known"),
        (LabResultFactory, {"unit": "mg/dL"}, "lab_result_analyte_and_unit_known"),
        (LabResultFactory, {"value": Decimal(0)}, "lab_result_above_zero"),
        (LabResultFactory, {"uln": Decimal(0)}, "lab_result_limit_above_zero"),
        (PhqScoreFactory, {"phq2": 7}, "phq_score_phq2_to_6"),
        (PhqScoreFactory, {"phq9": 28}, "phq_score_phq9_to_27"),
        (PhqScoreFactory, {"item9": 4}, "phq_score_item9_to_3"),
        (PhqScoreFactory, {"item9": -1}, "phq_score_item9|item9_check"),
        (
            PhqScoreFactory,
            {"phq2": None, "phq9": None, "item9": None},
            "phq_score_says_something",
        ),
        (StatementFactory, {"topic": "horoscope"}, "statement_topic_known"),
    ],
)
def test_a_value_that_cannot_be_is_refused(make, wrong, constraint):
    make()  # lawful by default

    with pytest.raises(IntegrityError, match=constraint):
        make(**wrong)


@pytest.mark.parametrize("make", FACTS[:-1], ids=lambda make: make.__name__)
def test_x_06_nothing_is_dated_after_the_day_on_which_it_is_noted(make):
    make(taken_on=DAY, noted_on=DAY)

    with pytest.raises(IntegrityError, match="not_in_the_future"):
        make(taken_on=date(2026, 3, 10), noted_on=DAY)


@pytest.mark.parametrize("make", FACTS, ids=lambda make: make.__name__)
def test_no_fact_is_changed_or_deleted(make):
    fact = make()
    table = fact._meta.db_table

    for statement in (
        f"UPDATE {table} SET noted_by = 'somebody else'",
        f"UPDATE {table} SET version = 2",
        f"DELETE FROM {table}",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


RETRACT = {
    "retracted_at": datetime(2026, 3, 11, tzinfo=UTC),
    "retracted_by": "physician:usr_test",
    "retraction_reason": "wrong_value",
    "version": 2,
}


@pytest.mark.parametrize("make", FACTS, ids=lambda make: make.__name__)
def test_a_fact_is_retracted_once_and_the_retraction_stands(make):
    rows = type(make()).objects

    assert rows.update(**RETRACT) == 1
    for change in ({**RETRACT, "version": 3}, {"retracted_at": None, "version": 3}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)


def test_a_retraction_changes_nothing_else():
    rows = type(WeightFactory()).objects

    with pytest.raises(DatabaseError, match="append-only"):
        rows.update(**RETRACT, kg=Decimal(80))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"retracted_by": None}, "weight_retraction_together"),
        ({"retraction_reason": "because"}, "weight_retraction_reason_known"),
    ],
)
def test_a_retraction_is_whole_and_coded(change, constraint):
    rows = type(WeightFactory()).objects

    with pytest.raises(IntegrityError, match=constraint):
        rows.update(**{**RETRACT, **change})
