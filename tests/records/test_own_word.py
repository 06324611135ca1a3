"""What a patient says later neither takes back what the clinic noted, nor is it passed over."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.records.queries import facts_about
from tests.factories.accounts import PatientFactory
from tests.factories.records import StatementFactory

pytestmark = pytest.mark.django_db
ON_DOXYCYCLINE = {"medicines": [{"code": "doxycycline"}]}
ON_NOTHING = {"medicines": []}
BEGIN = datetime(2026, 3, 9, tzinfo=UTC)
HER_OWN, THE_CLINICS = "patient:usr_1", "physician:usr_2"


def medicines_after(*said):
    """The medicines that are known when these statements were noted one after the other."""
    patient = PatientFactory()
    for hours, (noted_by, value) in enumerate(said):
        at = BEGIN + timedelta(hours=hours)
        StatementFactory(
            patient=patient, topic="medicines", value=value, noted_by=noted_by, noted_at=at
        )
    facts = facts_about(patient, at=at)
    return facts.get("patient", {}).get("medicines", "unknown")


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ([(HER_OWN, ON_NOTHING)], []),
        ([(HER_OWN, ON_DOXYCYCLINE), (HER_OWN, ON_NOTHING)], []),
        ([(THE_CLINICS, ON_DOXYCYCLINE), (HER_OWN, ON_NOTHING)], "unknown"),
        ([(THE_CLINICS, ON_NOTHING), (HER_OWN, ON_DOXYCYCLINE)], "unknown"),
        ([(THE_CLINICS, ON_NOTHING), (HER_OWN, ON_NOTHING)], []),
        ([(HER_OWN, ON_DOXYCYCLINE), (THE_CLINICS, ON_NOTHING)], []),
        ([(THE_CLINICS, ON_DOXYCYCLINE), (HER_OWN, ON_NOTHING), (THE_CLINICS, ON_NOTHING)], []),
    ],
)
def test_a_contradiction_is_unknown_until_the_clinic_notes_what_is_so(said, known):
    assert medicines_after(*said) == known


def test_a_check_in_is_hers_and_replaces_whatever_was_there():
    patient = PatientFactory()
    StatementFactory(patient=patient, topic="checkin", value={"red_flags": ["bih"]})
    hers = StatementFactory(
        patient=patient, topic="checkin", value={"red_flags": []}, noted_by=HER_OWN
    )

    facts = facts_about(patient, at=hers.noted_at)

    assert facts["checkin"]["red_flags"] == []
