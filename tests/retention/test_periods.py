"""How long a record is kept: years by programme, days on the patient's calendar, both edges."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from backend.accounts.models import Patient, TestClock
from backend.retention.queries import ended, period_for, with_period
from backend.retention.rules import LEAST_YEARS, PERIODS, period_of
from tests.factories.accounts import ClinicFactory, PatientFactory
from tests.factories.booking import VisitFactory
from tests.factories.records import WeightFactory

pytestmark = pytest.mark.django_db
ADULT = date(1990, 1, 1)


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def ends_on(last_on, years, born_on=ADULT, minor_until_age=0):
    sql = "SELECT retention_ends_on(%s, %s, %s, %s)"
    return asked(sql, last_on, born_on, years, minor_until_age)


def kept(patient, at=datetime(2026, 3, 10, 3, tzinfo=UTC)):
    return with_period(Patient.objects.filter(id=patient.id), now=at).get()


@pytest.mark.parametrize(
    ("last_on", "years", "until"),
    [
        (date(2026, 3, 10), 5, date(2031, 3, 10)),
        (date(2025, 12, 31), 6, date(2031, 12, 31)),
        (date(2024, 2, 28), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2023, 2, 28), 5, date(2028, 2, 29)),
        (date(2024, 2, 29), 8, date(2032, 2, 29)),
    ],
)
def test_a_period_ends_with_the_day_of_the_same_date(last_on, years, until):
    assert ends_on(last_on, years) == until


@pytest.mark.parametrize(
    ("born_on", "until"),
    [
        (date(2008, 3, 10), date(2034, 3, 10)),  # 18 on that day
        (date(2008, 3, 11), date(2034, 3, 10)),  # 17 until tomorrow: the day before 26
        (date(2012, 7, 1), date(2038, 6, 30)),
    ],
)
def test_who_was_a_minor_is_kept_until_the_day_before_a_birthday(born_on, until):
    assert ends_on(date(2026, 3, 10), 8, born_on, 26) == until


@pytest.mark.parametrize(("programme", "years"), [("jp", 5), ("us", 6), ("uk", 8), ("eu", 20)])
def test_each_programme_has_its_years_and_its_law(programme, years):
    clinic = ClinicFactory(programme=programme)

    period = period_for(PatientFactory(clinic=clinic))

    assert period.years == settings.RETENTION_YEARS[programme] == years
    assert period.source


def test_an_unknown_programme_is_kept_longest():
    period = period_of("mars", {"jp": 5, "eu": 25})

    assert (period.years, period.minor_until_age) == (25, 26)


def test_the_database_knows_the_same_least_years_and_ages():
    for programme, least in LEAST_YEARS.items():
        assert asked("SELECT retention_least_years(%s)", programme) == least
        age = PERIODS[programme].minor_until_age
        assert asked("SELECT retention_minor_until_age(%s)", programme) == age
    assert asked("SELECT retention_least_years('mars')") == 20


@pytest.mark.parametrize(("years", "starts"), [("4", False), ("5", True), ("30", True)])
def test_no_setting_is_shorter_than_the_law(years, starts):
    done = subprocess.run(
        [sys.executable, "-c", "from backend.config.settings import RETENTION_YEARS"],
        env=os.environ | {"RETENTION_YEARS_JP": years},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode == 0) is starts
    assert ("at least 5 is wanted" in done.stderr) is not starts


def test_the_last_entry_counts_on_the_day_where_the_patient_lives():
    """Three in the afternoon in London is the next day in Auckland."""
    patient = PatientFactory(zone="Pacific/Auckland")
    WeightFactory(patient=patient, noted_at=datetime(2026, 3, 9, 15, tzinfo=UTC))

    assert kept(patient).last_entry_on == date(2026, 3, 10)


def test_a_visit_that_is_only_planned_is_open_and_no_entry_of_its_day():
    patient = PatientFactory()
    VisitFactory(patient=patient, starts_at=datetime(2027, 1, 1, 3, tzinfo=UTC))

    found = kept(patient)

    assert found.open_things == ["visit"]
    assert found.last_entry_on < date(2027, 1, 1)


@pytest.mark.parametrize(("later", "is_over"), [(timedelta(0), False), (timedelta(days=1), True)])
def test_a_period_is_over_on_the_day_after_its_last(later, is_over):
    """On the patient's own clock: its last day in Tokyo begins at 15:00 UTC the day before."""
    patient = PatientFactory(on_clock=True)
    until = kept(patient).retained_until
    at = datetime(until.year, until.month, until.day, 14, 59, tzinfo=UTC) + later
    TestClock.objects.filter(id=patient.test_clock_id).update(frozen_at=at)

    found = ended(Patient.objects.all(), now=datetime(2026, 3, 10, tzinfo=UTC))

    assert [one.id for one in found] == ([patient.id] if is_over else [])


def test_who_was_seen_again_is_kept_anew():
    patient = PatientFactory(created_at=datetime(2015, 1, 1, tzinfo=UTC))
    at = datetime(2026, 3, 10, tzinfo=UTC)
    assert ended(Patient.objects.filter(id=patient.id), now=at).exists()

    WeightFactory(patient=patient, noted_at=datetime(2026, 3, 1, tzinfo=UTC))

    assert not ended(Patient.objects.filter(id=patient.id), now=at).exists()
