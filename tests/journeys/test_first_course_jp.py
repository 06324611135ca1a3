"""The journey of the demonstration, played once in this process, and what it left behind."""

import json
from base64 import b64decode
from collections import Counter
from datetime import date, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError

from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry
from backend.audit.verify.trail import verify_trail
from backend.followups.models import CheckIn, FollowUp
from backend.intake.models import ConsentSignature
from backend.notifications.models import Notification
from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import Dispense, MedicineReturn
from backend.prescriptions.models import Course, Decision, Prescription
from dev.demo.story.months import LAST_DAY
from tests.emptying import empty_the_tables
from tests.journeys import evidence
from tests.journeys.stage import performance

pytestmark = pytest.mark.django_db

RED_FLAG = "reports headache with blurred vision"
PUBLIC_KNOWLEDGE = ("/v1/consent_documents", "/v1/questionnaires", "/v1/signing_keys")


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker, roles):
    """The story, committed; each test looks at it and changes nothing that stays."""
    seen, at_once = {}, evidence.transactions_of_the_red_flag
    with django_db_blocker.unblock():
        try:
            with performance({RED_FLAG: lambda: seen.update(at_once())}) as it:
                it.play(roles)
                it.mails, it.answers, it.seen = list(it.mails), list(it.answers), seen
                yield it
        finally:
            empty_the_tables()


@pytest.fixture
def anna(played):
    """Patient A, as the story knows her."""
    return played.stage.anna


def test_each_message_to_a_patient_went_out_exactly_once(played, anna):
    notices = Notification.objects.all()
    sent = Counter(mail.extra_headers.get("Message-ID") for mail in played.mails)
    del sent[None]  # codes and invitations

    assert {(each.status, each.attempts) for each in notices} == {("sent", 1)}
    assert sent == Counter(each.provider_ref for each in notices)
    assert set(sent.values()) == {1}
    reminders = notices.filter(template__in=["check_in_opened", "closing_check_opened"])
    asked = CheckIn.objects.exclude(kind="unscheduled")
    assert Counter(each.about_ref for each in reminders) == Counter(each.ref for each in asked)
    assert {mail.to[0] for mail in played.mails if "Message-ID" in mail.extra_headers} == {
        anna.email,
        played.stage.beth.email,
    }


def test_she_was_asked_on_days_7_14_28_and_every_30_days_and_after_the_end(played, anna):
    started = played.stage.known["started_on"]

    days = [each.day for each in CheckIn.objects.filter(kind="scheduled").order_by("opened_at")]
    after = {each.kind: each.local_date for each in FollowUp.objects.filter(local_date__gt=_end())}

    assert days == [7, 14, 28, 58, 88, 118, 148, 178]
    assert Course.objects.get(id=_course(anna).id).ended_on == started + timedelta(LAST_DAY - 1)
    assert after["closing_check"] - _end() == timedelta(days=30)
    assert after["second_course_opens"] - _end() == timedelta(weeks=8)


def test_the_trail_is_sound(played):
    verdict = verify_trail()

    assert verdict.findings == []
    assert verdict.records >= AuditEntry.objects.count() > 500
    assert played.stage.auditor.get("/v1/audit_verification")["sound"] is True


def test_each_request_left_an_entry_reads_and_refusals_included(played):
    asked = [answer for answer in played.answers if answer.request.url.path.startswith("/v1/")]
    known = dict(AuditEntry.objects.values_list("request_id", "outcome").order_by("-outcome"))

    silent = {
        (answer.request.method, answer.request.url.path)
        for answer in asked
        if answer.headers["X-Request-Id"] not in known
        and not answer.request.url.path.startswith(PUBLIC_KNOWLEDGE)
    }
    refused = [a.headers["X-Request-Id"] for a in asked if a.status_code == 409]

    assert silent == set()
    assert [known[each] for each in refused] == ["refused"] * 3


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("patient", "patient.register visit.hold visit.confirm"),
        ("clinic_staff", "patient.verify_identity"),
        ("patient", "intake_response.submit consent_signature.sign"),
        ("physician", "visit.start visit.complete visit.add_note weight.note statement.note"),
        ("physician", "pregnancy_test.note lab_result.note"),
        ("physician", "course.create prescription.draft prescription.submit prescription.assess"),
        ("physician", "prescription.approve decision.approve prescription.read_signed_content"),
        ("pharmacy_client", "prescription.list prescription.read prescription.claim"),
        ("pharmacy_client", "prescription.dispense course.start dispense.record_return"),
        ("job", "plan.start check_in.open notification.send"),
        ("patient", "check_in.list check_in.answer check_in.report task.open"),
        ("patient", "course.stop prescription.void_with_course"),
        ("physician", "task.complete course.resume course.end second_course_decision.decide"),
        ("patient", "audit_entry.list"),
        ("auditor", "audit_entry.list"),
    ],
)
def test_each_step_of_the_journey_is_in_her_trail(anna, role, actions):
    hers = pseudonym_of(anna.known["profile"]["id"])
    found = AuditEntry.objects.filter(pseudonym=hers, actor_role=role)

    assert set(actions.split()) <= {entry.action for entry in found}


def test_the_auditor_reads_her_trail_in_order_with_whoever_looked(played, anna):
    hers = played.stage.auditor.all("/v1/audit_entries", patient=anna.known["profile"]["id"])

    times = [entry["recorded_at"] for entry in hers]
    looks = {e["actor_role"] for e in hers if e["action"].endswith((".read", ".list"))}

    assert times in (sorted(times), sorted(times, reverse=True))
    assert {"patient", "physician", "pharmacy_client", "auditor"} <= looks
    assert {entry["patient"] for entry in hers} == {anna.known["profile"]["id"]}


def test_the_red_flag_did_everything_in_one_transaction(played):
    assert len(set(played.seen.values())) == 1
    assert {
        "report",
        "course halted",
        "prescription voided",
        "urgent task open",
        "entry course.stop",
        "entry prescription.void_with_course",
        "entry task.open",
        "event prescriptions.course.halted",
        "event prescriptions.prescription.voided",
        "event worklist.task.opened",
    } <= set(played.seen)


def test_what_was_voided_stayed_void(anna):
    row = Prescription.objects.get(status="voided")
    after = AuditEntry.objects.filter(object_ref=row.ref, outcome="done").order_by("id")

    actions = list(after.values_list("action", flat=True))

    done = actions[actions.index("prescription.void_with_course") + 1 :]
    assert set(done) <= {"prescription.read", "prescription.list"}
    assert (row.ref, row.dispensed_capsules) == (anna.known["voided"], 15)
    assert _course(anna).prescriptions.filter(status="dispensed").count() == 6


def test_the_second_dispensary_came_too_late(played, anna):
    (late,) = [told for told in played.witness.told if "too late" in told.what]
    refusal = AuditEntry.objects.get(action="prescription.claim", outcome="refused")

    claims = Dispense.objects.filter(patient__user__email=anna.email).values("pharmacy").distinct()

    assert (late.who, late.status) == ("Shinjuku", 409)
    assert late.path == f"/v1/prescriptions/{refusal.object_ref}/claim"
    assert len(claims) == 1


@pytest.mark.parametrize(
    ("status", "constraint"),
    [
        ("partially_dispensed", "prescription_dispensed_within_capsules"),
        ("dispensed", "dispense_only_while_claimed"),
        ("expired", "dispense_only_while_claimed"),
    ],
)
def test_postgresql_refuses_a_capsule_more_than_was_prescribed(played, status, constraint):
    full = Dispense.objects.filter(prescription__status="dispensed").latest("id")
    Prescription.objects.filter(id=full.prescription_id).update(status=status)

    with pytest.raises(IntegrityError) as refused:
        evidence.insert_again(full, capsules=1)

    assert refused.value.__cause__.diag.constraint_name == constraint


def test_postgresql_hands_over_nothing_of_what_was_voided(played):
    part = Dispense.objects.get(prescription__status="voided")

    with pytest.raises(IntegrityError, match="has not claimed"):
        evidence.insert_again(part, capsules=1)


def test_the_cumulative_dose_is_what_was_handed_over_less_what_came_back(played, anna):
    out = sum(each.capsules * 20 for each in Dispense.objects.all())
    back = sum(each.capsules * 20 for each in MedicineReturn.objects.all())

    course = played.stage.sato.get(f"/v1/courses/{anna.known['course']['id']}")

    assert (out, back) == (3900, 240)
    assert course["dispensed_mg"] == f"{out - back}.0"
    assert float(played.stage.known["decision"]["cumulative_mg"]) == out - back


def test_each_approval_kept_findings_pack_and_a_signature_that_anybody_can_check(played, anna):
    keys = {key["key_id"]: key for key in played.stage.sato.all("/v1/signing_keys")}
    approved = _course(anna).prescriptions.exclude(issued_on=None)

    for row in approved:
        kept = Decision.objects.get(prescription=row, moment="approve")
        signed = played.stage.sato.get(f"/v1/prescriptions/{row.ref}/signed_content")
        content, signature = b64decode(signed["content"]), b64decode(signed["signature"])
        key = Ed25519PublicKey.from_public_bytes(b64decode(keys[signed["key_id"]]["public_key"]))
        key.verify(signature, content)
        with pytest.raises(InvalidSignature):
            key.verify(signature, content.replace(b"20", b"40", 1))
        assert json.loads(content)["prescription_id"] == row.ref
        assert json.loads(content)["pack_version"] == kept.pack_version
        assert isinstance(kept.findings, list)
    assert len(approved) == 7


def test_the_other_patient_reads_why_and_her_blocked_facts_were_kept(played):
    hers = played.stage.beth.known["prescription"]["id"]
    decision = Decision.objects.get(moment="decline")
    coded = played.stage.sato.get(f"/v1/prescriptions/{hers}")["decline_reason"]

    told = played.stage.beth.get(f"/v1/prescriptions/{hers}")

    assert (told["status"], "decline_reason" in told) == ("declined", False)
    assert "服用中のお薬" in told["decline_text_ja"]
    assert (coded, decision.decision) == ("interaction", "block")
    assert "C-11" in {finding["rule"] for finding in decision.findings}


def test_each_consent_keeps_the_text_the_name_and_the_time(played):
    for person, name in ((played.stage.anna, "山田 花子"), (played.stage.beth, "中村 美咲")):
        signed = ConsentSignature.objects.filter(patient__user__email=person.email)
        shown = {each["text_sha256"] for each in person.get("/v1/consent_documents")["data"]}
        assert {each.text_sha256 for each in signed} == shown
        assert {each.typed_name for each in signed} == {name}
        assert all(each.signed_at.date() == date(2026, 3, 10) for each in signed)


def test_each_event_and_each_webhook_is_as_published(played):
    events = OutboxEvent.objects.all()

    wrong = [w for e in events for w in evidence.schema_errors("events", e.type, e.payload)]
    wrong += [w for b in played.webhooks for w in evidence.schema_errors("webhooks", b["type"], b)]

    assert wrong == []
    assert len({event.type for event in events}) > 20
    assert Counter(body["type"] for body in played.webhooks) == {
        "prescription.approved": 7,
        "prescription.voided": 1,
    }


@pytest.mark.parametrize("where", ["events", "webhooks", "messages to workers", "mails", "log"])
def test_no_person_medicine_or_illness_is_named_where_it_could_be_overheard(played, where):
    said = evidence.outward(played)[where]

    assert len(said) > 200
    assert evidence.found_in(said, [*evidence.IDENTITY, *evidence.TREATMENT]) == []


def test_no_person_address_or_secret_is_in_the_trail(played):
    assert evidence.found_in(evidence.outward(played)["audit"], evidence.IDENTITY) == []


def test_the_words_that_are_looked_for_do_occur_in_the_story(played):
    asked = "".join(answer.request.content.decode() for answer in played.answers)
    said = "".join(answer.text for answer in played.answers)

    words = {*evidence.IDENTITY, *evidence.TREATMENT}

    assert words - set(evidence.found_in(asked + said, words)) == set()


def _course(person):
    return Course.objects.get(patient__user__email=person.email)


def _end():
    return Course.objects.exclude(ended_on=None).get().ended_on
