"""A patient walks the whole journey, her time passes, she is erased: and nothing of her is left."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from django.db import transaction

from backend import clock
from backend.accounts.models import Patient, TestClock
from backend.audit.models import Erasure, PatientKey, RowChange
from backend.audit.record import record
from backend.audit.verify.trail import verify_trail
from backend.booking.models import VisitNote
from backend.kernel.actor import job
from backend.pharmacy.models import Dispense
from backend.worklist.models import Task
from dev.demo.story.arriving import PROFILES
from tests.emptying import empty_the_tables
from tests.factories.care import EmergencyAccessFactory
from tests.factories.retention import LegalHoldFactory
from tests.journeys.stage import performance
from tests.retention import dump
from tests.roles import acting_as

pytestmark = pytest.mark.django_db
PROFILE = {"name": "縞馬 迷宮子", "name_kana": "シマウマ メイキュウコ", "birth_on": "2001-07-19"}
CANARY = "canary-kept-in-the-mine"
HERS = (
    *("縞馬", "迷宮子", "シマウマ", "メイキュウコ", "anna@patient.example", "2001-07-19"),
    *("090-5555-0142", "電話で症状を確認", "乳頭浮腫なし", "伊藤 医師", "頭蓋内圧亢進は否定"),
    CANARY,
)
BETHS = ("中村 美咲", "beth@patient.example", "1998-02-03")
LATER = datetime(2033, 1, 10, 3, tzinfo=UTC)
# Codes, numbers and names of others that no constraint of the database holds to a list; each
# says nothing of her once nobody knows whose row it is. A new column of text is erased, or it is
# written here with what it is.
NO_TEXT = {
    *("intake_consentsignature.document", "pharmacy_webhookdelivery.source"),
    *("booking_visit.room", "worklist_task.about_ref", "worklist_task.kind"),
    *("followups_checkin.pack", "followups_checkin.pack_version", "followups_plan.template"),
    *("followups_followup.rule_version", "followups_secondcoursedecision.pack"),
    *("followups_secondcoursedecision.pack_version", "prescriptions_decision.pack"),
    *("prescriptions_decision.pack_version", "pharmacy_webhookdelivery.type"),
    *("prescriptions_coursehalt.reason_code", "prescriptions_prescription.void_reason"),
    # What was put to her to sign is the clinic's published text; codes of what was disclosed.
    *("intake_consentsignature.code", "intake_consentsignature.disclosures"),
    "intake_consentsignature.text",
    # Role and account of whoever acted.
    *("pharmacy_dispense.handed_over_by", "pharmacy_medicinereturn.recorded_by"),
    *("prescriptions_coursehalt.halted_by", "prescriptions_decision.asked_by"),
    # 64 bytes over bytes that are gone, and our HTTP client's own codes.
    *("prescriptions_signature.signature", "pharmacy_webhookattempt.error"),
}


@pytest.fixture(scope="module")
def ended(django_db_setup, django_db_blocker, roles):
    """Her story as it is told, planted with canaries, years later, and erased over the API."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(PROFILES, "anna", PROFILE)
        try:
            with performance() as it:
                it.play(roles)
                yield _ended(it, roles)
        finally:
            empty_the_tables()


def _ended(it, roles):
    stage, anna = it.stage, it.stage.anna
    it.ref = anna.known["profile"]["id"]
    read = stage.reception.get(f"/v1/patients/{it.ref}")
    stage.reception.does(
        "", f"/v1/patients/{it.ref}/update_contact", {"telephone": "090-5555-0142"}, on=read
    )
    patient = Patient.objects.get(user__email=anna.email)
    LegalHoldFactory(patient=patient, lifted=True, reason_text=f"{CANARY} 訴訟のため")
    access = EmergencyAccessFactory(patient=patient, ended=True, reason_text=f"{CANARY} 当直")
    Task.objects.filter(patient=patient, status="open").update(
        status="done",
        done_at=clock.now(patient),
        contacted_at=clock.now(patient),
        done_by=access.opened_by,
        outcome="resolved",
    )
    it.before = dump.found(HERS), dump.said_in_secret()
    it.planted = dump.plant(CANARY, patient=patient.id, user=patient.user_id)
    TestClock.objects.filter(id=patient.test_clock_id).update(frozen_at=LATER)
    it.patient_id, it.user_id = patient.id, patient.user_id
    with acting_as(roles.app) if roles else nullcontext():
        _erase(it, stage.administrator)
    return it


def _erase(it, administrator):
    """With the privileges that the service has in production, where there are any."""
    administrator.proves_identity(it.stage.password)
    it.kept = administrator.get(f"/v1/patients/{it.ref}/retention")
    path = f"/v1/patients/{it.ref}/erase"
    it.answer = administrator.does("", path, {"reason": "patient_request"}, on=it.kept)
    it.workers.settle()


def test_before_that_all_of_it_was_there(ended):
    shown, secret = ended.before

    assert [word for word in HERS if not any(line.endswith(word) for line in shown)] == []
    assert "縞馬" in secret
    assert len(ended.planted) > 60


def test_no_column_of_any_table_holds_a_word_of_hers(ended):
    pardoned = {f"{column}: {CANARY}" for column in NO_TEXT}

    left = [line for line in dump.found(HERS) if line not in pardoned]

    assert left == [], "\n".join(left)


def test_no_session_and_no_kept_reply_tells_of_her(ended):
    secret = dump.said_in_secret()

    assert [word for word in (*HERS, str(ended.user_id)) if word in secret] == []


def test_what_is_others_stays(ended):
    shown = dump.found(BETHS)

    assert [word for word in BETHS if not any(line.endswith(word) for line in shown)] == []
    assert "中村" in dump.said_in_secret()


def test_what_identifies_nobody_stays(ended):
    dispenses = Dispense.objects.filter(patient_id=ended.patient_id)
    notes = VisitNote.objects.filter(patient_id=ended.patient_id)

    assert sum(each.capsules * 20 for each in dispenses) == 3900
    assert {each.lot.number for each in dispenses} != set()
    assert {note.text for note in notes} == {"[erased]"}


def test_the_trail_is_sound_and_names_her_by_nothing(ended):
    verdict = verify_trail()
    (key,) = PatientKey.objects.exclude(destroyed_at=None)
    (erasure,) = Erasure.objects.all()

    assert verdict.findings == []
    assert (key.patient_ref, key.wrapped, key.destroyed_at) == (None, None, erasure.erased_at)
    assert not RowChange.objects.filter(patient_id=ended.patient_id).exists()
    assert (ended.answer["patient"], ended.answer["reason"]) == (ended.ref, "patient_request")


def test_nobody_finds_her_any_more(ended):
    stage = ended.stage
    paths = [f"/v1/patients/{ended.ref}", f"/v1/courses/{stage.anna.known['course']['id']}"]

    answers = [
        who.http.get(path, headers=who._headers()).status_code
        for who in (stage.sato, stage.auditor)
        for path in paths
    ]
    hers = stage.anna.http.get("/v1/me", headers=stage.anna._headers())

    assert answers == [404] * 4
    assert hers.status_code == 401
    assert ended.ref not in {each["id"] for each in stage.reception.all("/v1/patients")}


def test_what_is_recorded_about_her_later_makes_no_new_key(ended):
    patient = Patient.objects.get(id=ended.patient_id)

    with transaction.atomic():
        entry = record("patient.read", on=patient, by=job("test"), at=LATER)

    assert (entry.pseudonym, entry.sealed_facts) == (None, None)
    assert not PatientKey.objects.filter(patient_ref=ended.ref).exists()
