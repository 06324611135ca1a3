"""Going round the service: PostgreSQL refuses sign-offs and signatures that nobody may give."""

import pytest
from django.db import IntegrityError, connection, transaction

from backend.prescriptions.clearing import content_hash
from backend.prescriptions.models import Decision, SignOff
from backend.prescriptions.steps.sign import sign_prescription
from tests.factories.accounts import PatientFactory, StaffMemberFactory
from tests.factories.prescriptions import (
    NOW,
    TODAY,
    DecisionFactory,
    PrescriptionFactory,
    ready_patient,
    ready_prescription,
)
from tests.factories.records import ON_DOXYCYCLINE
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db
COLITIS = {"rule": "C-20", "level": "senior", "evidence": {"conditions": "ibd"}}


@pytest.fixture
def row():
    return PrescriptionFactory(in_review=True)


def decided(row, *findings, decision="senior", **more):
    return DecisionFactory(
        **{
            "patient": row.patient,
            "course": row.course,
            "prescription": row,
            "findings": list(findings),
            "decision": decision,
            **more,
        }
    )


def insert(row, decision, *, by=None, **changes):
    """A sign-off of COLITIS, written past the service."""
    values = {
        "rule": "C-20",
        "evidence": {"conditions": "ibd"},
        "reason": "In remission.",
        "content_sha256": bytes(32),
        "signed_by": by or physician_for(row).user,
        **changes,
    }
    return SignOff.objects.create(
        patient=row.patient, prescription=row, decision=decision, signed_at=NOW, **values
    )


def test_a_sign_off_of_a_senior_finding_by_another_physician_stands(row):
    assert insert(row, decided(row, COLITIS)).pk


@pytest.mark.parametrize("level", ["counsel", "warn", "hold", "block", "stop", "urgent"])
def test_a_finding_of_any_other_level_is_signed_by_nobody(row, level):
    decision = decided(row, {**COLITIS, "level": level}, decision="block")

    with pytest.raises(IntegrityError, match="only a senior finding is signed off"):
        insert(row, decision)


@pytest.mark.parametrize(
    "changes", [{"rule": "C-11"}, {"evidence": {}}, {"evidence": {"conditions": "pancreatitis"}}]
)
def test_a_finding_that_the_answer_does_not_have_is_not_signed(row, changes):
    decision = decided(row, COLITIS)

    with pytest.raises(IntegrityError, match="only a senior finding is signed off"):
        insert(row, decision, **changes)


def test_an_answer_about_another_prescription_or_none_signs_nothing(row):
    other = decided(PrescriptionFactory(in_review=True), COLITIS)

    for decision in (other, None):
        with (
            pytest.raises(IntegrityError, match="only a senior finding is signed off"),
            transaction.atomic(),
        ):
            insert(row, decision)


def test_who_drafted_it_and_who_is_no_physician_does_not_sign(row):
    decision = decided(row, COLITIS)
    clinic = row.patient.clinic
    people = [
        row.created_by,
        row.patient.user,
        StaffMemberFactory(clinic=clinic).user,
        PatientFactory(clinic=clinic).user,
    ]

    for person in people:
        with (
            pytest.raises(IntegrityError, match="another physician than the one who drafted it"),
            transaction.atomic(),
        ):
            insert(row, decision, by=person)


def test_a_reason_is_always_written(row):
    with pytest.raises(IntegrityError, match="sign_off_with_reason"):
        insert(row, decided(row, COLITIS), reason="")


@pytest.mark.parametrize("change", ["SET rule = 'C-11'", None])
def test_a_sign_off_is_neither_changed_nor_taken_away(row, change):
    insert(row, decided(row, COLITIS))
    sql = (
        f"UPDATE prescriptions_signoff {change}" if change else "DELETE FROM prescriptions_signoff"
    )

    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
        cursor.execute(sql)


# Signatures.


def approved_by_force(row, decision):
    """Approved and signed past the service; returns the signature."""
    approver = physician_for(row)
    row.status, row.decided_by, row.decided_at = "approved", approver.user, NOW
    row.issued_on = row.valid_until = TODAY
    row.save()
    return sign_prescription(row, decision=decision, prescriber=approver, at=NOW)


@pytest.mark.parametrize("level", ["hold", "block", "stop", "urgent"])
def test_nothing_is_signed_on_an_answer_that_is_more_severe_than_senior(row, level):
    decision = decided(row, {**COLITIS, "level": level}, decision=level)

    with pytest.raises(IntegrityError, match="a finding stands in the way"):
        approved_by_force(row, decision)


@pytest.mark.parametrize("level", ["hold", "block", "stop", "urgent"])
def test_an_answer_that_calls_itself_clear_is_read_to_the_end(row, level):
    decision = decided(row, {**COLITIS, "level": level}, decision="clear")

    with pytest.raises(IntegrityError, match="a finding stands in the way"):
        approved_by_force(row, decision)


def test_a_senior_finding_is_signed_for_by_somebody_who_does_not_approve(row):
    decision = decided(row, COLITIS)

    with pytest.raises(IntegrityError, match="stands in the way"), transaction.atomic():
        approved_by_force(row, decision)
    insert(row, decision)
    assert approved_by_force(row, decision).pk


def test_the_own_sign_off_of_the_approver_does_not_count(row):
    decision = decided(row, COLITIS)
    approver = physician_for(row)
    insert(row, decision, by=approver.user)
    row.status, row.decided_by, row.decided_at = "approved", approver.user, NOW
    row.issued_on = row.valid_until = TODAY
    row.save()

    with pytest.raises(IntegrityError, match="stands in the way"):
        sign_prescription(row, decision=decision, prescriber=approver, at=NOW)


@pytest.mark.parametrize("more", [{"purpose": "dispense"}, {"prescription": None}])
def test_nothing_is_signed_on_an_answer_to_another_question(row, more):
    decision = decided(row, decision="clear", **more)

    with pytest.raises(IntegrityError, match="a finding stands in the way"):
        approved_by_force(row, decision)


def test_a_block_is_not_approved_even_if_a_sign_off_of_it_was_forged():
    """By somebody with the owner's rights: the rules are asked again, and only senior is read."""
    row = ready_prescription(ready_patient(said=ON_DOXYCYCLINE))
    refused = do(row, "approve", by=physician_for(row)).json()
    (block,) = [f for f in refused["findings"] if f["rule"] == "C-11"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE prescriptions_signoff DISABLE TRIGGER USER")
    insert(row, None, rule="C-11", evidence=block["evidence"], content_sha256=content_hash(row))

    answer = do(row, "approve", by=physician_for(row))

    assert (answer.status_code, answer.json()["decision"]) == (422, "block")
    assert not Decision.objects.filter(moment="approve").exists()
