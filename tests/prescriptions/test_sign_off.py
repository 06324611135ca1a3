"""Signing off a senior finding: another physician, one rule, as it stands now."""

import pytest

from backend.prescriptions.models import Prescription, SignOff
from tests.callers import Caller
from tests.factories.prescriptions import (
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db
COLITIS = {"conditions": {"conditions": ["ibd"]}}
WHY = "In remission for three years."


@pytest.fixture
def prescription():
    """C-20: ulcerative colitis is senior in every pack."""
    return ready_prescription(ready_patient(said=COLITIS))


def sign_off(row, by, rule="C-20"):
    return do(row, "sign_off", {"rule": rule, "reason": WHY}, by=by)


def test_c_20_a_senior_finding_refuses_approval_until_another_physician_signs(prescription):
    approver, signer = physician_for(prescription), physician_for(prescription)

    before = do(prescription, "approve", by=approver)
    signed = sign_off(prescription, signer)
    after = do(prescription, "approve", by=approver)

    assert (before.status_code, before.json()["decision"]) == (422, "senior")
    assert signed.status_code == 200, signed.content
    assert after.status_code == 200, after.content
    kept = SignOff.objects.get()
    assert (kept.rule, kept.reason, kept.signed_by) == ("C-20", WHY, signer.user)


def test_who_drafted_it_cannot_sign_it_off(prescription):
    answer = sign_off(prescription, prescription.created_by.staff_member)

    assert (answer.status_code, answer.json()["code"]) == (409, "another_physician_needed")


def test_who_signed_it_off_cannot_approve_on_the_own_signature(prescription):
    signer = physician_for(prescription)
    sign_off(prescription, signer)

    assert do(prescription, "approve", by=signer).json()["code"] == "not_clear"


def test_one_signature_answers_one_rule():
    said = {"conditions": {"conditions": ["ibd", "depression"]}}
    row = ready_prescription(ready_patient(said=said))
    approver, signer = physician_for(row), physician_for(row)
    sign_off(row, signer)

    refused = do(row, "approve", by=approver)
    sign_off(row, signer, rule="C-18")
    approved = do(row, "approve", by=approver)

    assert refused.json()["code"] == "not_clear"
    assert approved.status_code == 200


def test_a_changed_prescription_has_to_be_signed_again(prescription):
    sign_off(prescription, physician_for(prescription))
    Prescription.objects.filter(id=prescription.id).update(daily_mg=10, capsules=15)

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert answer.json()["code"] == "not_clear"


@pytest.mark.parametrize("rule", ["C-11", "D-10", "X-99"])
def test_what_is_not_senior_is_signed_by_nobody(rule):
    row = ready_prescription(patient_on_doxycycline())

    answer = sign_off(row, physician_for(row), rule=rule)

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_sign_off")
    assert not SignOff.objects.exists()


def test_only_what_is_in_review_is_signed_off():
    row = PrescriptionFactory(draft=True)

    assert sign_off(row, physician_for(row)).json()["code"] == "not_allowed_from_here"


def test_the_assessment_shows_who_can_unblock_it_and_what_was_signed(prescription):
    approver = physician_for(prescription)
    path = f"/v1/prescriptions/{prescription.ref}/assessment"

    before = Caller(approver).get(path).json()
    sign_off(prescription, physician_for(prescription))
    after = Caller(approver).get(path).json()

    (finding,) = [f for f in before["findings"] if f["rule"] == "C-20"]
    assert (finding["remedy_by"], finding["signed_off"]) == ("senior_physician", False)
    assert (before["may_be_approved"], after["may_be_approved"]) == (False, True)
    assert (before["decision"], after["decision"]) == ("senior", "senior")


def test_signing_off_asks_who_you_are_once_more(prescription):
    signer = physician_for(prescription)

    answer = Caller(signer, fresh=False).post(
        f"/v1/prescriptions/{prescription.ref}/sign_off", {"rule": "C-20", "reason": WHY}, version=1
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_required")
