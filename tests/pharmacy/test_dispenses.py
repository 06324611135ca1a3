"""The ledger over HTTP: who reads it, and what came back."""

import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
)
from tests.factories.care import physician_of
from tests.factories.pharmacy import DispenseFactory, MedicineReturnFactory
from tests.factories.prescriptions import PrescriptionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def given():
    return DispenseFactory(capsules=10)


@pytest.fixture
def client(given):
    return ApiClientFactory(pharmacy=given.pharmacy)


def test_what_comes_back_is_taken_off_the_course_and_announced(given, client):
    strength = given.prescription.product.strength_mg

    answer = Caller(client).post(
        f"/v1/dispenses/{given.ref}/record_return", {"capsules": 4, "reason": "course_stopped"}
    )

    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["capsules"], body["returned_capsules"], body["mg"]) == (10, 4, 10 * strength)
    assert [(r["capsules"], r["mg"]) for r in body["returns"]] == [(4, 4 * strength)]
    assert given.prescription.course.dispensed_mg == 6 * strength
    event = OutboxEvent.objects.get(type="pharmacy.medicine.returned")
    assert event.payload["return_id"] == body["returns"][0]["id"]
    entry = AuditEntry.objects.get(action="dispense.record_return")
    assert entry.facts["mg"] == str(4 * strength)


def test_what_came_back_is_not_handed_over_again(given, client):
    row = given.prescription
    DispenseFactory(prescription=row, capsules=row.capsules - 10)
    path = f"/v1/dispenses/{given.ref}/record_return"
    Caller(client).post(path, {"capsules": 10, "reason": "recall"})
    row.refresh_from_db()

    answer = Caller(client).post(
        f"/v1/prescriptions/{row.ref}/dispense",
        {"capsules": 1, "identity_checked": True},
        version=row.version,
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "more_than_remaining")


def test_more_than_was_handed_over_does_not_come_back(given, client):
    path = f"/v1/dispenses/{given.ref}/record_return"
    all_of_it = Caller(client).post(path, {"capsules": 10, "reason": "other"})

    answer = Caller(client).post(path, {"capsules": 1, "reason": "other"})

    assert all_of_it.status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (409, "more_than_dispensed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"capsules": 1},
        {"capsules": 0, "reason": "other"},
        {"capsules": 1, "reason": "boredom"},
        {"capsules": 1, "reason": "other", "mg": 20},
    ],
)
def test_a_return_that_is_not_well_formed_is_refused(given, client, body):
    path = f"/v1/dispenses/{given.ref}/record_return"

    assert Caller(client).post(path, body).status_code == 400


def test_patient_pharmacy_and_clinic_read_their_own_ledger(given, client):
    DispenseFactory()
    clinic = given.prescription.clinic
    readers = [
        given.patient,
        client,
        physician_of(given.patient),
        AuditorFactory(clinic=clinic),
    ]

    for reader in readers:
        rows = Caller(reader).get("/v1/dispenses").json()["data"]
        one = Caller(reader).get(f"/v1/dispenses/{given.ref}")
        assert [row["id"] for row in rows] == [given.ref]
        assert (one.status_code, one.json()["id"]) == (200, given.ref)


def test_strangers_find_nothing_and_administrators_may_not_look(given):
    for stranger in (PatientFactory(), PhysicianFactory(), ApiClientFactory()):
        assert Caller(stranger).get("/v1/dispenses").json()["data"] == []
        assert Caller(stranger).get(f"/v1/dispenses/{given.ref}").status_code == 404
    administrator = AdministratorFactory(clinic=given.prescription.clinic)
    assert Caller(administrator).get("/v1/dispenses").status_code == 403


def test_another_pharmacy_records_no_return_of_ours(given):
    other = ApiClientFactory(pharmacy__clinic=given.prescription.clinic)
    path, body = f"/v1/dispenses/{given.ref}/record_return", {"capsules": 1, "reason": "other"}

    assert Caller(other).post(path, body).status_code == 404
    assert Caller(given.patient).post(path, body).status_code == 403


def test_the_list_is_filtered_by_prescription_course_and_patient(given, client):
    other = PrescriptionFactory(claimed=True, claimed_by=given.pharmacy)
    second = DispenseFactory(prescription=other)
    asked = {
        "prescription": other.ref,
        "course": other.course.ref,
        "patient": other.patient.ref,
    }

    for name, value in asked.items():
        rows = Caller(client).get("/v1/dispenses", **{name: value}).json()["data"]
        assert [row["id"] for row in rows] == [second.ref]
    assert Caller(client).get("/v1/dispenses", lot="1").status_code == 400


def test_a_list_costs_the_same_however_long_it_is(given, client, django_assert_num_queries):
    with django_assert_num_queries(5):
        Caller(client).get("/v1/dispenses")

    for _ in range(3):
        more = DispenseFactory(prescription=given.prescription, capsules=1)
        MedicineReturnFactory(dispense=more)
    with django_assert_num_queries(5):
        assert len(Caller(client).get("/v1/dispenses").json()["data"]) == 4
