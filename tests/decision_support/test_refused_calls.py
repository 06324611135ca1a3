"""What a CDS service does not answer: who may not know, and what is malformed."""

import uuid

import pytest

from backend.api.care import policy
from backend.audit.models import AuditEntry
from backend.kernel.ids import public_id
from tests.decision_support.hooks import (
    INSTANCE,
    about,
    author_of,
    bundle,
    cards,
    order,
    request_for,
    send,
)
from tests.factories.accounts import PhysicianFactory
from tests.factories.care import treats
from tests.factories.prescriptions import PrescriptionFactory, ready_patient, ready_prescription

pytestmark = pytest.mark.django_db
NOBODYS = uuid.UUID(int=1)


@pytest.fixture
def row():
    return ready_prescription()


@pytest.fixture
def closed_records(settings):
    """Records open to those who treat, whatever the settings say."""
    settings.CARE_POLICY = "backend.care.policy.Policy"
    policy.cache_clear()
    yield
    policy.cache_clear()


def test_absent_foreign_and_another_patients_prescriptions_look_the_same(row):
    elsewhere, neighbour = ready_prescription(), ready_patient(clinic=row.clinic)
    author = author_of(row)
    another = ready_prescription(neighbour)
    treats(author, neighbour)

    def essence(patient, ref):
        answer = send(author, request_for(author, patient, order(ref=ref)))
        body = {k: v for k, v in answer.json().items() if k != "request_id"}
        return answer.status_code, body

    absent = essence(row.patient, public_id("rx", NOBODYS))
    assert (absent[0], absent[1]["code"]) == (404, "not_found")
    assert essence(row.patient, "rx_anything") == absent
    assert essence(row.patient, elsewhere.ref) == absent
    assert essence(row.patient, another.ref) == absent
    assert essence(elsewhere.patient, elsewhere.ref) == absent


@pytest.mark.parametrize("ref", ["pt_01jq0000000000000000000000", "1288992", "pt_", "ｐｔ"])
def test_a_patient_who_is_not_there_is_not_found(row, ref):
    answer = about(row, order(ref=row.ref), patientId=ref)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    entry = AuditEntry.objects.get(action="cds_service.order_sign")
    assert (entry.outcome, entry.facts["code"]) == ("refused", "not_found")


@pytest.mark.usefixtures("closed_records")
def test_a_physician_who_does_not_treat_the_patient_breaks_the_glass_first():
    row = PrescriptionFactory(draft=True)
    stranger = PhysicianFactory(clinic=row.clinic)

    answer = about(row, order(ref=row.ref), by=stranger)

    assert (answer.status_code, answer.json()["code"]) == (403, "care_relation_required")


@pytest.mark.parametrize(
    "user",
    [
        "Practitioner/stf_01jq0000000000000000000000",
        "Practitioner/",
        "Patient/{}",
        "{}",
        "practitioner/{}",
    ],
)
def test_the_user_in_context_is_who_is_signed_in(row, user):
    answer = about(row, order(ref=row.ref), userId=user.format(author_of(row).ref))

    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/context/userId", "not_the_caller")
    ]


def test_a_practitioner_role_is_the_user_too(row):
    user = f"PractitionerRole/{author_of(row).ref}"

    assert cards(about(row, order(ref=row.ref), userId=user))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"hook": "order-select"}, "/hook"),
        ({"hook": None}, "/hook"),
        ({"hookInstance": "not-a-uuid"}, "/hookInstance"),
        ({"hookInstance": INSTANCE.replace("-", "")}, "/hookInstance"),
        ({"hookInstance": 7}, "/hookInstance"),
        ({"context": []}, "/context"),
        ({"prefetch": "all"}, "/prefetch"),
        ({"surprise": True}, "/surprise"),
    ],
)
def test_a_malformed_call_is_pointed_at(row, changes, pointer):
    body = request_for(author_of(row), row.patient, order(ref=row.ref)) | changes

    answer = send(author_of(row), body)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("orders", "pointer"),
    [
        ({}, "/resourceType"),
        ({"resourceType": "List"}, "/resourceType"),
        ({"resourceType": "Bundle", "entry": {}}, "/entry"),
        ({"resourceType": "Bundle", "entry": [7]}, "/entry/0/resource"),
        ({"resourceType": "Bundle", "entry": [{"resource": {"id": "x"}}]}, "/entry/0/resource"),
        (bundle(order(), order(identifier={})), "/entry/1/resource/identifier"),
        (bundle(order(identifier=["rx_1"])), "/entry/0/resource/identifier"),
        (bundle(order(ref="rx_1", resource_id="rx_2")), "/entry/0/resource"),
        (bundle(*[order()] * 51), "/entry"),
    ],
)
def test_a_malformed_bundle_is_pointed_at(row, orders, pointer):
    answer = about(row, draftOrders=orders)

    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [f"/context/draftOrders{pointer}"]


def test_what_is_not_asked_for_may_come_along_and_is_not_kept(row):
    body = request_for(author_of(row), row.patient, order(ref=row.ref), encounterId="e-1")
    body |= {
        "fhirServer": "https://ehr.example/fhir",
        "fhirAuthorization": {"access_token": "secret-of-the-ehr", "token_type": "Bearer"},
        "prefetch": {"patient": None},
        "extension": {"org.example": {"anything": 1}},
    }

    answer = send(author_of(row), body)

    assert cards(answer)
    assert "secret-of-the-ehr" not in answer.content.decode()
    entry = AuditEntry.objects.get(action="cds_service.order_sign")
    assert "secret-of-the-ehr" not in str(entry.facts)
