"""Legal holds: an auditor places and lifts them, and the database keeps what they keep."""

import pytest
from django.db import DatabaseError, transaction

from backend.audit.models import AuditEntry
from backend.audit.verify.trail import verify_trail
from backend.retention.models import LegalHold
from tests.audit.changes import run
from tests.audit.past_guards import note_erasure, tamper
from tests.callers import Caller
from tests.factories.accounts import AdministratorFactory, AuditorFactory, PatientFactory
from tests.factories.retention import LegalHoldFactory, long_kept

pytestmark = pytest.mark.django_db
PATH = "/v1/legal_holds"
WHY = {"reason": "litigation", "reason_text": "証拠保全の申立てがあったため。"}
DONE = {"lift_reason": "和解が成立し、訴訟が終了したため。"}


@pytest.fixture
def patient():
    return long_kept()


@pytest.fixture
def auditor(patient):
    return AuditorFactory(clinic=patient.clinic)


def refused(constraint, sql, *values):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        run(sql, *values)
    assert error.value.__cause__.diag.constraint_name == constraint


def test_an_auditor_places_a_hold_with_its_reason(patient, auditor):
    answer = Caller(auditor).post(PATH, {"patient": patient.ref, **WHY})

    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["patient"]) == (201, "placed", patient.ref)
    assert (shown["reason_text"], shown["placed_by"]) == (WHY["reason_text"], auditor.user.ref)
    assert shown["available_actions"] == ["lift"]
    entry = AuditEntry.objects.get(action="legal_hold.place")
    assert (entry.object_ref, entry.actor) == (shown["id"], auditor.user.actor.label)


@pytest.mark.parametrize("text", ["", "短い", "         x"])
def test_a_hold_without_a_reason_is_not_placed(patient, auditor, text):
    body = {"patient": patient.ref, "reason": "other", "reason_text": text}

    assert Caller(auditor).post(PATH, body).status_code == 400
    assert not LegalHold.objects.exists()


def test_a_hold_is_lifted_with_a_reason_and_its_history_stays(patient, auditor):
    hold = LegalHoldFactory(patient=patient)

    answer = Caller(auditor).post(f"{PATH}/{hold.ref}/lift", DONE, version=1)

    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["version"]) == (200, "lifted", 2)
    assert (shown["lift_reason"], shown["lifted_by"]) == (DONE["lift_reason"], auditor.user.ref)
    assert shown["reason_text"] == hold.reason_text
    assert AuditEntry.objects.filter(action="legal_hold.lift", object_ref=hold.ref).count() == 1


def test_a_hold_is_lifted_once(patient, auditor):
    hold = LegalHoldFactory(patient=patient, lifted=True)

    answer = Caller(auditor).post(f"{PATH}/{hold.ref}/lift", DONE, version=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_lifting_asks_for_the_version_and_for_a_fresh_proof(patient, auditor):
    hold = LegalHoldFactory(patient=patient)
    path = f"{PATH}/{hold.ref}/lift"

    unnamed = Caller(auditor).post(path, DONE)
    stale = Caller(auditor).post(path, DONE, version=7)
    tired = Caller(auditor, fresh=False).post(path, DONE, version=1)

    assert [each.status_code for each in (unnamed, stale, tired)] == [428, 412, 403]
    assert LegalHold.objects.get().lifted_at is None


def test_the_list_tells_those_that_stand_from_their_history(patient, auditor):
    stands = LegalHoldFactory(patient=patient)
    lifted = LegalHoldFactory(patient=patient, lifted=True)
    LegalHoldFactory()  # of another clinic

    found = {
        status: [row["id"] for row in Caller(auditor).get(PATH, status=status).json()["data"]]
        for status in ("placed", "lifted")
    }

    assert found == {"placed": [stands.ref], "lifted": [lifted.ref]}


def test_an_administrator_reads_holds_and_lifts_none(patient):
    hold = LegalHoldFactory(patient=patient)
    caller = Caller(AdministratorFactory(clinic=patient.clinic))

    assert caller.get(f"{PATH}/{hold.ref}").status_code == 200
    assert caller.post(f"{PATH}/{hold.ref}/lift", DONE, version=1).status_code == 403


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM retention_legalhold",
        "UPDATE retention_legalhold SET reason_text = 'another reason than that'",
        "UPDATE retention_legalhold SET placed_at = placed_at - interval '1 day'",
        "UPDATE retention_legalhold SET reason_text = '[erased text]'",
        "UPDATE retention_legalhold SET lifted_at = NULL, lifted_by_id = NULL, lift_reason = NULL",
    ],
)
def test_the_database_changes_nothing_of_a_hold_that_was_lifted(patient, statement):
    LegalHoldFactory(patient=patient, lifted=True)

    with pytest.raises(DatabaseError, match="only lifted, once"), transaction.atomic():
        run(statement)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"reason": "mood"}, "legal_hold_reason_known"),
        ({"reason_text": "short"}, "legal_hold_says_why"),
        ({"lift_reason": "only why, not who or when"}, "legal_hold_lifted_as_a_whole"),
    ],
)
def test_the_database_refuses_a_hold_that_does_not_say_what_it_is(patient, change, constraint):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        LegalHoldFactory(patient=patient, **change)

    assert error.value.__cause__.diag.constraint_name == constraint


def test_the_database_destroys_no_key_of_whom_a_hold_keeps(patient):
    """Not even where somebody wrote an erasure past its guard."""
    LegalHoldFactory(patient=patient)
    note_erasure(patient)

    refused(
        "patient_key_not_under_hold",
        "UPDATE audit_patientkey SET patient_ref = NULL, wrapped = NULL, destroyed_at = "
        "(SELECT erased_at FROM audit_erasure) WHERE patient_ref = %s",
        patient.ref,
    )


def test_nobody_who_was_erased_is_held():
    patient = PatientFactory()
    note_erasure(patient)

    with pytest.raises(DatabaseError) as error, transaction.atomic():
        LegalHoldFactory(patient=patient)

    assert error.value.__cause__.diag.constraint_name == "legal_hold_of_what_is_there"


def test_tampering_with_the_guard_of_erasures_is_found(patient):
    from_now_on = (
        "CREATE OR REPLACE FUNCTION refuse_early_erasure() RETURNS trigger LANGUAGE plpgsql"
    )
    tamper(f"{from_now_on} AS 'BEGIN RETURN NEW; END'")

    assert any("refuse_early_erasure" in str(found) for found in verify_trail().findings)
