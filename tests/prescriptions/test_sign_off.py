"""Signing off a senior finding: another physician, one rule, as it stands now."""

from decimal import Decimal

import pytest

from backend.audit.models import AuditEntry
from backend.prescriptions.models import Prescription, SignOff
from tests.callers import Caller
from tests.factories.prescriptions import (
    NOW,
    TODAY,
    PrescriptionFactory,
    ready_patient,
    ready_prescription,
)
from tests.factories.records import (
    ON_DOXYCYCLINE,
    LabResultFactory,
    PhqScoreFactory,
    StatementFactory,
)
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db
ISOTRETINOIN_BOUGHT = {"medicines": {"medicines": [{"code": "isotretinoin_other_source"}]}}
COLITIS = {"conditions": {"conditions": ["ibd"]}}
WHY = "In remission for three years."


@pytest.fixture
def prescription():
    """C-20: ulcerative colitis is senior in every pack."""
    return ready_prescription(ready_patient(said=COLITIS))


def sign_off(row, by, rule="C-20", **more):
    return do(row, "sign_off", {"rule": rule, "reason": WHY, **more}, by=by)


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
    assert (kept.decision.moment, kept.decision.decision) == ("sign_off", "senior")
    entry = AuditEntry.objects.get(action="prescription.sign_off")
    assert entry.facts == {"rule": "C-20", "decision_id": kept.decision.ref}


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


def test_c_18_of_two_findings_of_one_rule_each_is_signed_by_itself():
    row = ready_prescription(
        ready_patient(said={"conditions": {"conditions": ["depression"]}}, without=("phq",))
    )
    PhqScoreFactory(patient=row.patient, taken_on=TODAY, phq9=12, item9=0)
    approver, signer = physician_for(row), physician_for(row)

    which = sign_off(row, signer, rule="C-18")
    choices = which.json()["evidence"]
    first = sign_off(row, signer, rule="C-18", evidence=choices[0])
    between = do(row, "approve", by=approver)
    second = sign_off(row, signer, rule="C-18")
    after = do(row, "approve", by=approver)

    assert (which.status_code, which.json()["code"], len(choices)) == (422, "several_findings", 2)
    assert (first.status_code, between.status_code) == (200, 422)
    assert (second.status_code, after.status_code) == (200, 200)
    assert [one.evidence for one in SignOff.objects.order_by("id")] == choices


def test_what_the_same_physician_signed_is_not_signed_again(prescription):
    signer = physician_for(prescription)
    sign_off(prescription, signer)

    again = sign_off(prescription, signer)
    another = sign_off(prescription, physician_for(prescription))

    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_sign_off")
    assert another.status_code == 200


@pytest.mark.parametrize("evidence", [{}, {"conditions": "pancreatitis"}])
def test_evidence_that_no_finding_has_is_not_signed(prescription, evidence):
    answer = sign_off(prescription, physician_for(prescription), evidence=evidence)

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_sign_off")


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_a_reason_is_written(prescription, reason):
    body = {"rule": "C-20"} if reason is None else {"rule": "C-20", "reason": reason}

    answer = do(prescription, "sign_off", body, by=physician_for(prescription))

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/reason"]


def test_a_signature_does_not_carry_what_turns_up_later_and_is_more_severe(prescription):
    sign_off(prescription, physician_for(prescription))
    StatementFactory(
        patient=prescription.patient, noted_at=NOW, topic="medicines",
        value={"medicines": [{"code": "doxycycline"}]},
    )  # fmt: skip

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert (answer.status_code, answer.json()["decision"]) == (422, "block")


def test_c_20_a_signature_does_not_carry_another_finding_of_its_rule(prescription):
    sign_off(prescription, physician_for(prescription))
    StatementFactory(
        patient=prescription.patient, noted_at=NOW, topic="conditions",
        value={"conditions": ["ibd", "pancreatitis"]},
    )  # fmt: skip

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert (answer.status_code, answer.json()["decision"]) == (422, "senior")


def test_a_changed_prescription_has_to_be_signed_again(prescription):
    sign_off(prescription, physician_for(prescription))
    Prescription.objects.filter(id=prescription.id).update(daily_mg=10, capsules=15)

    answer = do(prescription, "approve", by=physician_for(prescription))

    assert answer.json()["code"] == "not_clear"


TRIGLYCERIDES = {"analyte": "triglycerides", "unit": "mg/dL", "uln": None, "fasting": True}
NOT_SENIOR = {
    "warn": ("D-10", None, {}),
    "hold": ("D-19", None, {"without": ("weights",)}),
    "hold by a fact": ("S-01", ISOTRETINOIN_BOUGHT, {}),
    "block": ("C-11", ON_DOXYCYCLINE, {}),
    "nothing": ("C-01", None, {}),
    "no rule": ("X-99", None, {}),
}


@pytest.mark.parametrize(("rule", "said", "known"), NOT_SENIOR.values(), ids=NOT_SENIOR.keys())
def test_what_is_not_senior_is_signed_by_nobody(rule, said, known):
    row = ready_prescription(ready_patient(said=said, **known))

    answers = [sign_off(row, physician_for(row, **who), rule) for who in ({}, {"is_senior": True})]

    assert {answer.status_code for answer in answers} == {409}
    assert {answer.json()["code"] for answer in answers} == {"nothing_to_sign_off"}
    assert not SignOff.objects.exists()


SEVERE = {
    "stop": ("L-13", LabResultFactory, {**TRIGLYCERIDES, "value": Decimal(900)}),
    "urgent": ("C-19", PhqScoreFactory, {"suicidal": True}),
}


@pytest.mark.parametrize(("rule", "factory", "traits"), SEVERE.values(), ids=SEVERE.keys())
def test_stop_and_urgent_are_signed_by_nobody(rule, factory, traits):
    row = ready_prescription(ready_patient(without=("labs", "phq")))
    factory(patient=row.patient, taken_on=TODAY, **traits)

    answer = sign_off(row, physician_for(row, is_senior=True), rule)

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
