"""Declining, returning, cancelling, voiding."""

import pytest

from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision
from tests.callers import Caller
from tests.factories.prescriptions import (
    NOW,
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_prescription,
)
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db
WORDS = {
    "reason": "interaction",
    "patient_text_ja": "現在のお薬と一緒には処方できません。",
    "patient_text_en": "Not beside the medicine that you take now.",
}


def test_c_11_b_is_declined_with_the_rule_the_reason_and_words_for_her():
    row = ready_prescription(patient_on_doxycycline())
    physician = physician_for(row)

    answer = do(row, "decline", WORDS, by=physician)

    assert answer.status_code == 200, answer.content
    row.refresh_from_db()
    assert (row.status, row.decline_reason) == ("declined", "interaction")
    assert (row.decided_by, row.decided_at) == (physician.user, NOW)
    decision = Decision.objects.get(moment="decline")
    blocks = [finding for finding in decision.findings if finding["level"] == "block"]
    assert [finding["rule"] for finding in blocks] == ["C-11"]
    assert blocks[0]["remedy"]["ja"]
    event = OutboxEvent.objects.get()
    assert (event.type, event.payload["reason"]) == (
        "prescriptions.prescription.declined",
        "interaction",
    )


def test_the_patient_reads_her_own_words_and_not_the_code():
    row = PrescriptionFactory(declined=True)

    seen = Caller(row.patient).get(f"/v1/prescriptions/{row.ref}").json()

    assert seen["decline_text_ja"] == row.decline_text_ja
    assert "decline_reason" not in seen
    assert "return_note" not in seen


def test_words_in_both_languages_are_needed():
    row = PrescriptionFactory(in_review=True)

    answer = do(row, "decline", {**WORDS, "patient_text_ja": "\u200b"}, by=physician_for(row))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/patient_text_ja"


def test_a_declined_prescription_stays_declined_and_frees_the_course():
    row = PrescriptionFactory(declined=True)

    assert do(row, "approve", by=physician_for(row)).status_code == 409
    PrescriptionFactory(course=row.course)  # one open prescription per course: this one may be


def test_a_prescription_is_returned_with_a_code_and_a_note():
    row = PrescriptionFactory(in_review=True)

    answer = do(row, "return", {"reason": "dose", "note": "20 mg."}, by=physician_for(row))

    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["status"], said["return_reason"], said["return_note"]) == (
        "returned",
        "dose",
        "20 mg.",
    )
    assert OutboxEvent.objects.get().type == "prescriptions.prescription.returned"


@pytest.mark.parametrize("trait", ["draft", "in_review", "returned"])
def test_what_was_not_issued_is_cancelled(trait):
    row = PrescriptionFactory(**{trait: True})

    assert do(row, "cancel", by=physician_for(row)).json()["status"] == "cancelled"


@pytest.mark.parametrize("trait", ["approved", "claimed", "partially_dispensed"])
def test_what_was_issued_is_voided_with_a_reason(trait):
    row = PrescriptionFactory(**{trait: True})

    answer = do(row, "void", {"reason": "clinical_change"}, by=physician_for(row))

    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "voided"
    event = OutboxEvent.objects.get()
    assert event.payload["was"] == trait
    assert event.payload["reason"] == "clinical_change"


@pytest.mark.parametrize(
    ("verb", "body", "trait"),
    [
        ("decline", WORDS, "draft"),
        ("decline", WORDS, "approved"),
        ("return", {"reason": "dose", "note": "Less."}, "approved"),
        ("cancel", None, "approved"),
        ("cancel", None, "declined"),
        ("void", {"reason": "other"}, "draft"),
        ("void", {"reason": "other"}, "dispensed"),
        ("void", {"reason": "other"}, "voided"),
    ],
)
def test_a_verb_from_the_wrong_state_is_409_and_changes_nothing(verb, body, trait):
    row = PrescriptionFactory(**{trait: True})

    answer = do(row, verb, body, by=physician_for(row))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")
    row.refresh_from_db()
    assert (row.status, row.version) == (trait, 1)


def test_a_reason_that_only_the_course_gives_is_not_a_physicians():
    row = PrescriptionFactory(approved=True)

    answer = do(row, "void", {"reason": "course_halted"}, by=physician_for(row))

    assert answer.status_code == 400
