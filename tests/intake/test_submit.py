"""A patient hands in the answers: recorded, judged, and acted on."""

import pytest

from backend.audit.models import AuditEntry
from backend.intake.models import IntakeResponse
from backend.outbox.models import OutboxEvent
from backend.records.models import PhqScore, Statement
from backend.records.queries import facts_about
from backend.worklist.models import Task
from tests.callers import Caller
from tests.factories.accounts import (
    PatientFactory,
)
from tests.factories.care import physician_of
from tests.factories.intake import (
    FEELS_SUICIDAL,
    IS_MAN,
    TAKES_DOXYCYCLINE,
    IntakeResponseFactory,
    answers,
)

pytestmark = pytest.mark.django_db
PATH = "/v1/intake_responses"


@pytest.fixture
def patient():
    """She lives on the tenth of March 2026."""
    return PatientFactory(on_clock=True)


def draft_of(patient, **changes):
    return IntakeResponseFactory(patient=patient, answers=answers(**changes))


def submit(draft, **options):
    return Caller(draft.patient, **options).post(f"{PATH}/{draft.ref}/submit", version=1)


def pointers(answer):
    return [error["pointer"] for error in answer.json()["errors"]]


def test_submitting_writes_the_record(patient):
    answer = submit(draft_of(patient))

    assert answer.status_code == 200
    facts = facts_about(patient, at=patient.test_clock.frozen_at)
    assert facts["patient"]["can_become_pregnant"] is True
    assert facts["patient"]["medicines"] == []
    assert facts["course"]["severity"] == "severe"
    assert facts["phq"] == [{"on": "2026-03-10", "phq2": 0, "phq9": 0, "item9": 0}]
    assert Statement.objects.first().noted_by == patient.user.actor.label


def test_submitting_announces_it_and_stores_the_pack_that_was_asked(patient):
    draft = draft_of(patient)

    submit(draft)

    event = OutboxEvent.objects.get(type="intake.response.submitted")
    assert event.payload == {"intake_response_id": draft.ref, "patient_id": patient.ref}
    draft.refresh_from_db()
    assert draft.pack == "jp_house_2026"
    assert draft.pack_version.startswith("jp_house_2026@")
    entry = AuditEntry.objects.get(action="intake_response.submit")
    assert entry.facts == {"decision": "clear", "pack_version": draft.pack_version}


@pytest.mark.parametrize(
    ("changes", "decision", "rules", "guidance"),
    [
        ({}, "clear", set(), "ready_to_book"),
        (IS_MAN, "clear", set(), "ready_to_book"),
        (TAKES_DOXYCYCLINE, "block", {"C-11"}, "another_treatment_may_suit"),
        ({"pregnant": True}, "block", {"C-01"}, "another_treatment_may_suit"),
        ({"breastfeeding": True}, "block", {"C-03"}, "another_treatment_may_suit"),
        ({"follows_programme": False}, "block", {"C-02"}, "another_treatment_may_suit"),
        ({"allergies": ["soya"]}, "clear", {"C-07"}, "ready_to_book"),
        ({"conditions": ["depression"]}, "senior", {"C-18"}, "physician_will_ask"),
        (
            {"severity": "mild", "prior_treatment_failed": []},
            "hold",
            {"S-03"},
            "physician_will_ask",
        ),
        ({"isotretinoin_bought": {"taken": True}}, "hold", {"S-01"}, "physician_will_ask"),
        ({"medicines": [{"text": "白い錠剤"}]}, "hold", {"C-11"}, "physician_will_ask"),
        ({"pregnancy_potential": "unsure"}, "hold", {"P-JP-01"}, "physician_will_ask"),
        (
            {"procedures": [{"kind": "lasik", "on": "2025-12-24"}]},
            "block",
            {"C-22"},
            "another_treatment_may_suit",
        ),
        ({"indication": "cosmetic"}, "senior", {"S-16"}, "physician_will_ask"),
        (
            {"indication": "rosacea", "severity": None, "scarring": None},
            "clear",
            set(),
            "ready_to_book",
        ),
        (FEELS_SUICIDAL, "urgent", {"C-19"}, "we_contact_you_today"),
    ],
)
def test_the_protocol_is_asked_whether_this_is_a_candidate(
    patient, changes, decision, rules, guidance
):
    draft = draft_of(patient, **changes)

    answer = submit(draft)

    assert answer.status_code == 200
    assert answer.json()["guidance"]["code"] == guidance
    draft.refresh_from_db()
    assert draft.decision == decision
    assert rules <= {finding["rule"] for finding in draft.findings}


@pytest.mark.parametrize(
    ("birth_on", "given", "decision"),
    [
        ("2008-03-11", {"guardian_consent": True, "guardian_name": "山田 母"}, "senior"),
        ("2008-03-11", {"guardian_consent": False}, "hold"),
        ("2014-03-11", {}, "block"),
    ],
)
def test_c_04_c_05_the_young_are_asked_by_age(birth_on, given, decision):
    young = PatientFactory(on_clock=True, birth_on=birth_on)

    submit(draft_of(young, growth_finished=True, **given))

    assert IntakeResponse.objects.get().decision == decision


def test_the_patient_reads_safe_words_and_the_clinic_the_findings(patient):
    draft = draft_of(patient, **TAKES_DOXYCYCLINE)

    hers = submit(draft, language="ja").json()
    theirs = Caller(physician_of(patient), language="ja").get(f"{PATH}/{draft.ref}").json()

    assert hers["findings"] is hers["decision"] is hers["pack_version"] is None
    assert "予約" in hers["guidance"]["next_step"]
    assert hers["guidance"]["messages"]
    assert "C-11" not in str(hers)
    assert theirs["decision"] == "block"
    assert [finding["rule"] for finding in theirs["findings"]] == ["C-11"]


def test_what_is_missing_is_said_and_nothing_happens(patient):
    draft = draft_of(patient, severity=None, phq_9=None)

    answer = submit(draft)

    assert answer.status_code == 422
    assert pointers(answer) == ["/answers/severity", "/answers/phq_9"]
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert Statement.objects.count() == PhqScore.objects.count() == 0
    assert OutboxEvent.objects.count() == 0


def test_answers_to_questions_that_are_not_asked_do_not_count(patient):
    draft = IntakeResponseFactory(
        patient=patient, answers={**answers(**IS_MAN), "pregnant": True, "breastfeeding": True}
    )

    submit(draft)

    assert not Statement.objects.filter(topic__in=["pregnancy", "breastfeeding"]).exists()


def test_c_19_a_thought_of_death_puts_an_urgent_task_on_the_worklist(patient):
    draft = draft_of(patient, **FEELS_SUICIDAL)

    submit(draft)

    task = Task.objects.get()
    assert (task.kind, task.priority, task.about_ref) == ("mood_risk", "urgent", draft.ref)
    assert task.blocks_release
    score = PhqScore.objects.get()
    assert (score.phq2, score.phq9, score.item9) == (2, 3, 1)


def test_without_such_a_thought_nobody_is_called(patient):
    submit(draft_of(patient, phq_2="nearly_every_day"))

    assert Task.objects.count() == 0


def test_a_retry_of_submitting_gets_the_same_reply_and_writes_once(patient):
    draft = draft_of(patient)
    caller = Caller(patient)

    first = caller.post(f"{PATH}/{draft.ref}/submit", version=1, key="once")
    again = caller.post(f"{PATH}/{draft.ref}/submit", version=1, key="once")

    assert first.content == again.content
    assert PhqScore.objects.count() == 1
