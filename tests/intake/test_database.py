"""What PostgreSQL itself refuses, whoever asks."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from backend.intake.models import ConsentSignature, IntakeResponse
from tests.factories.intake import ConsentSignatureFactory, IntakeResponseFactory

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"status": "lost"}, "intake_response_status_known"),
        ({"submitted": True, "decision": "maybe"}, "intake_response_decision_known"),
        ({"submitted": True, "decision": None}, "intake_response_assessed_together"),
        ({"submitted": True, "pack_version": None}, "intake_response_assessed_together"),
        ({"submitted": True, "status": "draft"}, "intake_response_assessed_when_submitted"),
        ({"status": "submitted"}, "intake_response_assessed_when_submitted"),
    ],
)
def test_a_response_is_whole(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        IntakeResponseFactory(**wrong)


def test_a_patient_has_one_draft():
    draft = IntakeResponseFactory()
    IntakeResponseFactory(patient=draft.patient, discarded=True)
    IntakeResponseFactory(patient=draft.patient, submitted=True)

    with pytest.raises(IntegrityError, match="intake_response_one_draft"):
        IntakeResponseFactory(patient=draft.patient)


@pytest.mark.parametrize("trait", ["submitted", "discarded"])
def test_what_is_submitted_or_discarded_stays_as_it_is(trait):
    response = IntakeResponseFactory(**{trait: True})
    rows = IntakeResponse.objects.filter(id=response.id)

    for change in (
        lambda: rows.update(answers={"severity": "mild"}),
        lambda: rows.update(status="draft"),
        rows.delete,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize("change", [{"questionnaire": "other"}, {"questionnaire_sha256": "0" * 64}])
def test_a_draft_keeps_its_version_of_the_questions(change):
    IntakeResponseFactory()

    with pytest.raises(DatabaseError, match="append-only"):
        IntakeResponse.objects.update(**change)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"language": "fr"}, "consent_signature_language_known"),
        ({"text_sha256": "f" * 63}, "consent_signature_hash_form"),
        ({"text_sha256": "F" * 64}, "consent_signature_hash_form"),
        ({"withdrawn_at": LATER}, "consent_signature_withdrawn_together"),
    ],
)
def test_a_signature_is_whole(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        ConsentSignatureFactory(**wrong)


def test_one_signature_stands_for_each_document():
    first = ConsentSignatureFactory(withdrawn=True)
    ConsentSignatureFactory(patient=first.patient)

    with pytest.raises(IntegrityError, match="consent_signature_once"):
        ConsentSignatureFactory(patient=first.patient)


def test_a_signature_is_withdrawn_once_and_changed_in_no_other_way():
    signature = ConsentSignatureFactory()
    rows = ConsentSignature.objects.filter(id=signature.id)
    withdrawal = {"withdrawn_at": LATER, "withdrawn_by": "patient:usr_test", "version": 2}

    for change in ({"typed_name": "他人"}, {**withdrawal, "text": "something else"}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)
    assert rows.update(**withdrawal) == 1
    for undo in ({"withdrawn_at": None, "withdrawn_by": None}, {**withdrawal, "version": 3}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**undo)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
