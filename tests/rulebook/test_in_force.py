"""Which pack answers for a patient at an instant: what had been activated by then."""

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.rulebook.queries import activated_for, in_force_for
from tests.factories.accounts import ClinicFactory, PatientFactory
from tests.factories.rulebook import PackActivationFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "us_ipledge_2023", "us_ipledge_2026"
SECOND = timedelta(seconds=1)
ACTIVATED_AT = datetime(2026, 8, 20, 12, tzinfo=UTC)
WITHDRAWN_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = date(2026, 8, 20)


@pytest.fixture
def clinic():
    return ClinicFactory(programme="us", zone="America/New_York")


def pack_at(patient, at):
    return in_force_for(patient, at=at)[0].id


def test_without_an_activation_the_pack_that_waits_never_answers(clinic):
    patient = PatientFactory(clinic=clinic, zone="America/New_York")
    PackActivationFactory()  # another clinic's

    answers = {pack_at(patient, datetime(2026 + year, 9, 1, tzinfo=UTC)) for year in range(30)}

    assert answers == {OLD}


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("America/Los_Angeles", datetime(2026, 8, 20, 7, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 8, 20, 4, tzinfo=UTC)),
        ("Pacific/Guam", datetime(2026, 8, 19, 14, tzinfo=UTC)),
    ],
)
def test_the_pack_answers_from_the_first_second_of_its_day_where_the_patient_lives(
    clinic, zone, first
):
    patient = PatientFactory(clinic=clinic, zone=zone)
    PackActivationFactory(clinic=clinic, in_force_on=DAY)

    assert pack_at(patient, first - SECOND) == OLD
    assert pack_at(patient, first) == NEW


def test_an_activation_for_today_counts_from_its_instant_on(clinic):
    patient = PatientFactory(clinic=clinic, zone="America/New_York")
    PackActivationFactory(clinic=clinic, in_force_on=DAY, activated_at=ACTIVATED_AT)

    assert pack_at(patient, ACTIVATED_AT - SECOND) == OLD
    assert pack_at(patient, ACTIVATED_AT) == NEW


def test_a_withdrawn_activation_still_answers_for_the_time_before(clinic):
    patient = PatientFactory(clinic=clinic, zone="America/New_York")
    PackActivationFactory(clinic=clinic, in_force_on=DAY, withdrawn=True, withdrawn_at=WITHDRAWN_AT)

    assert pack_at(patient, WITHDRAWN_AT - SECOND) == NEW
    assert pack_at(patient, WITHDRAWN_AT) == OLD


def test_of_two_activations_each_answers_for_its_own_time(clinic):
    PackActivationFactory(clinic=clinic, in_force_on=DAY, withdrawn=True, withdrawn_at=WITHDRAWN_AT)
    again_at = WITHDRAWN_AT + timedelta(days=1)
    PackActivationFactory(clinic=clinic, in_force_on=date(2026, 10, 1), activated_at=again_at)

    stood = [
        dict(activated_for(clinic, at=at))
        for at in (ACTIVATED_AT, WITHDRAWN_AT, again_at - SECOND, again_at)
    ]

    assert stood == [{NEW: DAY}, {}, {}, {NEW: date(2026, 10, 1)}]


def test_the_answer_says_that_the_pack_is_in_force_by_these_activations(clinic):
    patient = PatientFactory(clinic=clinic, zone="America/New_York")
    PackActivationFactory(clinic=clinic, in_force_on=DAY)

    pack, activated = in_force_for(patient, at=ACTIVATED_AT)

    assert (pack.id, dict(activated)) == (NEW, {NEW: DAY})


def test_a_programme_without_a_waiting_pack_is_not_looked_up(django_assert_num_queries):
    patient = PatientFactory()
    assert patient.clinic.programme == "jp"

    with django_assert_num_queries(0):
        pack, activated = in_force_for(patient, at=datetime(2026, 3, 10, tzinfo=UTC))

    assert (pack.id, dict(activated)) == ("jp_house_2026", {})


def test_a_programme_with_one_costs_one_query_however_long_the_history(
    clinic, django_assert_num_queries
):
    patient = PatientFactory(clinic=clinic)
    PackActivationFactory.create_batch(3, clinic=clinic, withdrawn=True)

    with django_assert_num_queries(1):
        in_force_for(patient, at=ACTIVATED_AT)
