"""Approving: asked anew, dated, signed, announced; or nothing at all."""

import json
from datetime import date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.accounts.models import TestClock
from backend.audit.models import AuditEntry, Outcome
from backend.formulary.models import Lot
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Course, Decision, Signature
from backend.records.models import PregnancyTest
from tests.callers import Caller
from tests.factories.accounts import PatientFactory, StaffMemberFactory
from tests.factories.prescriptions import (
    NOW,
    TODAY,
    CourseFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.factories.worklist import TaskFactory
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def prescription():
    return ready_prescription()


def test_a_clear_prescription_is_approved_dated_and_announced(prescription):
    physician = physician_for(prescription)

    answer = do(prescription, "approve", by=physician)

    assert answer.status_code == 200, answer.content
    prescription.refresh_from_db()
    assert (prescription.status, prescription.decided_by) == ("approved", physician.user)
    assert (prescription.decided_at, prescription.issued_on) == (NOW, TODAY)
    event = OutboxEvent.objects.get(type="prescriptions.prescription.approved")
    assert event.payload == {
        "prescription_id": prescription.ref,
        "patient_id": prescription.patient.ref,
        "course_id": prescription.course.ref,
    }


def test_p_jp_02_it_is_valid_until_day_seven_of_the_newest_test(prescription):
    newest = PregnancyTest.objects.order_by("-taken_on").first()
    assert newest is not None
    assert newest.taken_on == date(2026, 3, 9)

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert answer.json()["valid_until"] == "2026-03-15"


def test_the_approval_keeps_what_it_rested_on(prescription):
    answer = do(prescription, "approve", by=physician_for(prescription))

    assert answer.status_code == 200
    decision = Decision.objects.get(prescription=prescription, moment="approve")
    assert (decision.purpose, decision.decision) == ("prescribe", "clear")
    assert decision.pack == "jp_house_2026"
    assert decision.pack_version.startswith("jp_house_2026@")
    assert decision.facts["prescription"]["daily_mg"] == 20
    assert decision.facts["visit"]["consents"]


def test_the_signature_fits_the_content_and_the_content_says_what_the_law_asks(prescription):
    physician = physician_for(prescription)
    do(prescription, "approve", by=physician)

    signature = Signature.objects.get(prescription=prescription)

    content = bytes(signature.content)
    key = Ed25519PublicKey.from_public_bytes(bytes(signature.key.public_key))
    key.verify(bytes(signature.signature), content)  # raises unless it fits
    said = json.loads(content)
    assert said["patient"]["name"] == prescription.patient.name
    assert said["patient"]["age_years"] == 24
    assert said["amount"] == {"daily_mg": 20, "capsules": 30}
    assert said["usage"] == {"doses_per_day": 1, "days": 30, "way": "oral"}
    assert (said["issued_on"], said["valid_until"]) == ("2026-03-10", "2026-03-15")
    assert said["prescriber"]["licence_number"] == physician.licence_number
    assert said["clinic"]["name"] == prescription.clinic.name
    assert said["decision_id"] == signature.decision.ref


def test_the_entry_names_decision_signature_and_pack(prescription):
    do(prescription, "approve", by=physician_for(prescription))

    facts = AuditEntry.objects.get(action="prescription.approve").facts
    assert facts["signature_id"] == Signature.objects.get().ref
    assert facts["decision_id"] == Decision.objects.get(moment="approve").ref
    assert facts["pack_version"].startswith("jp_house_2026@")


def test_c_11_a_woman_on_doxycycline_is_refused_with_the_rule_and_nothing_changes():
    prescription = ready_prescription(patient_on_doxycycline())

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert (answer.status_code, answer.json()["code"]) == (422, "not_clear")
    assert answer.json()["decision"] == "block"
    worst = answer.json()["findings"][0]
    assert (worst["rule"], worst["level"]) == ("C-11", "block")
    assert worst["message"]
    prescription.refresh_from_db()
    assert (prescription.status, prescription.version) == ("in_review", 1)
    assert not Signature.objects.exists()
    assert not Decision.objects.exists()
    assert not OutboxEvent.objects.exists()
    assert AuditEntry.objects.get(outcome=Outcome.REFUSED).facts["code"] == "not_clear"


def test_the_refusal_speaks_the_readers_language():
    prescription = ready_prescription(patient_on_doxycycline())
    physician = physician_for(prescription)

    english = do(prescription, "approve", by=physician, language="en").json()
    japanese = do(prescription, "approve", by=physician, language="ja").json()

    assert english["findings"][0]["message"].isascii()
    assert not japanese["findings"][0]["message"].isascii()
    assert english["findings"][0]["rule"] == japanese["findings"][0]["rule"]


def test_an_unknown_fact_refuses_and_is_named():
    prescription = ready_prescription(ready_patient(without=["allergies"]))

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert (answer.status_code, answer.json()["decision"]) == (422, "hold")
    assert "patient.allergies" in answer.json()["missing"]


def test_it_is_asked_at_the_moment_of_approval_not_of_submission(prescription):
    clock = prescription.patient.test_clock
    clock_row = TestClock.objects.get(id=clock.id)
    clock_row.frozen_at = NOW + timedelta(days=6)  # day 8 of the newest test
    clock_row.save()

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert answer.status_code == 422
    assert "P-JP-02" in [finding["rule"] for finding in answer.json()["findings"]]


def test_j_20_only_the_importer_prescribes_an_imported_lot(prescription):
    importer, another = physician_for(prescription), physician_for(prescription)
    Lot.objects.filter(id=prescription.lot_id).update(importer=importer)

    refused = do(prescription, "approve", by=another)
    approved = do(prescription, "approve", by=importer)

    assert refused.json()["decision"] == "block"
    assert "J-20" in [finding["rule"] for finding in refused.json()["findings"]]
    assert approved.status_code == 200


def test_a_stale_version_is_412_and_a_missing_one_428(prescription):
    physician = physician_for(prescription)
    path = f"/v1/prescriptions/{prescription.ref}/approve"

    assert Caller(physician).post(path, version=9).status_code == 412
    assert Caller(physician).post(path).status_code == 428
    prescription.refresh_from_db()
    assert prescription.status == "in_review"


def test_approving_asks_who_you_are_once_more(prescription):
    physician = physician_for(prescription)

    answer = Caller(physician, fresh=False).post(
        f"/v1/prescriptions/{prescription.ref}/approve", version=1
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_required")


def test_patient_and_staff_approve_nothing(prescription):
    staff = StaffMemberFactory(clinic=prescription.clinic)

    for person in (prescription.patient, staff):
        assert do(prescription, "approve", by=person).status_code == 403


def test_a_prescription_of_another_clinic_does_not_exist(prescription):
    stranger = physician_for(CourseFactory(patient=PatientFactory()))

    assert do(prescription, "approve", by=stranger).status_code == 404


@pytest.mark.parametrize(("traits", "status"), [({"urgent": True}, 409), ({}, 200)])
def test_nothing_is_approved_while_an_urgent_task_about_the_patient_is_open(
    prescription, traits, status
):
    TaskFactory(patient=prescription.patient, **traits)

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert answer.status_code == status
    assert answer.json().get("code") == ("urgent_task_open" if traits else None)


def test_a_draft_cannot_be_approved():
    draft = ready_prescription(status="draft")

    answer = do(draft, "approve", by=physician_for(draft))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_nothing_is_approved_on_a_halted_course(prescription):
    Course.objects.filter(id=prescription.course_id).update(
        status="halted", halted_at=NOW, halt_reason="R-01"
    )

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert (answer.status_code, answer.json()["code"]) == (409, "course_halted")


@pytest.mark.parametrize(
    "lot",
    [
        pytest.param(
            {
                "status": "recalled",
                "recalled_at": datetime.fromisoformat("2026-03-09T00:00:00Z"),
                "recall_reason": "why",
            },
            id="recalled since",
        ),
        pytest.param({"expires_on": date(2026, 4, 7)}, id="expires one day too early"),
    ],
)
def test_a_lot_that_is_no_longer_good_refuses(prescription, lot):
    Lot.objects.filter(id=prescription.lot_id).update(**lot)

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert (answer.status_code, answer.json()["code"]) == (422, "lot_not_usable")


def test_a_lot_may_expire_on_the_last_day_of_the_supply(prescription):
    Lot.objects.filter(id=prescription.lot_id).update(expires_on=date(2026, 4, 8))

    assert do(prescription, "approve", by=physician_for(prescription)).status_code == 200


def test_the_same_key_approves_once_and_answers_the_same(prescription):
    caller = Caller(physician_for(prescription))
    path = f"/v1/prescriptions/{prescription.ref}/approve"

    first = caller.post(path, version=1, key="approve-once")
    again = caller.post(path, version=1, key="approve-once")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert Signature.objects.count() == 1
