"""A decision is replayed from its record alone, and an altered record is seen."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal as Number

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Clinic, Patient, TestClock
from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from backend.kernel.canonical import canonical
from backend.prescriptions.models import Decision
from backend.prescriptions.replaying import digest
from backend.prescriptions.services import replay as replay_module
from backend.prescriptions.steps.decide import decide
from backend.protocol import pack as packs
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from backend.protocol.version import RULES_VERSION
from backend.protocol.vocabulary import PURPOSES
from backend.records.models import LabResult, PregnancyTest, Statement, Weight
from backend.rulebook.queries import pack_of_version
from tests.factories.accounts import AuditorFactory, PatientFactory, StaffMemberFactory
from tests.factories.prescriptions import (
    NOW,
    patient_on_doxycycline,
    ready_patient,
)
from tests.factories.records import LabResultFactory, PregnancyTestFactory, WeightFactory
from tests.prescriptions.people import physician_for
from tests.prescriptions.replays import approved, decided, replay
from tests.protocol import situations
from tests.protocol.situations import MAN, PACKS, SECOND_COURSE, WOMAN, ended, running

pytestmark = pytest.mark.django_db
RETRACTED = {
    "version": F("version") + 1,
    "retracted_at": NOW,
    "retracted_by": "physician:usr_test",
    "retraction_reason": "wrong_value",
}
PEOPLE = {
    "man": MAN,
    "woman": WOMAN,
    "running_man": running(MAN),
    "running_woman": running(WOMAN),
    "ended": ended(WOMAN),
    "second_course": SECOND_COURSE,
    "nothing_known": {},
}


@pytest.fixture(autouse=True)
def packs_are_read_anew():
    """What this process remembers of kept packs, another process would read."""
    pack_of_version.cache_clear()


def test_a_decision_says_the_same_again():
    decision = approved()

    answer = replay(decision)

    said = answer.json()
    assert answer.status_code == 200
    assert (said["same"], said["differences"]) == (True, [])
    assert (said["id"], said["decision"], said["purpose"]) == (decision.ref, "clear", "prescribe")
    assert said["asked_at"] == "2026-03-10T03:00:00Z"
    assert said["replayed"]["decision"] == "clear"
    assert said["replayed"]["today"] == "2026-03-10"
    assert said["replayed"]["pack_version"] == said["pack_version"] == decision.pack_version
    assert said["replayed"]["rules_version"] == said["rules_version"] == RULES_VERSION
    assert said["replayed"]["findings_sha256"] == said["findings_sha256"]
    assert said["facts_sha256"] == digest(decision.facts)
    assert said["record"]["unaltered"] is True
    assert "D-10" in [finding["rule"] for finding in said["replayed"]["findings"]]


def test_whatever_became_of_the_patient_and_the_packs_the_record_says_the_same(
    tmp_path, monkeypatch
):
    decision = approved()
    patient = decision.patient
    stored = canonical({"findings": decision.findings})
    WeightFactory(patient=patient, kg=Number("91.5"), taken_on=date(2026, 3, 10))
    PregnancyTestFactory(patient=patient, result="positive", taken_on=date(2026, 3, 10))
    LabResultFactory(patient=patient, analyte="alt", value=Number(900), taken_on=date(2026, 3, 10))
    for model in (Weight, PregnancyTest, LabResult, Statement):
        model.objects.filter(patient=patient).update(**RETRACTED)
    Patient.objects.filter(id=patient.id).update(birth_on=date(2012, 2, 29), zone="Pacific/Apia")
    Clinic.objects.filter(id=patient.clinic_id).update(programme="uk")
    TestClock.objects.filter(id=patient.test_clock_id).update(frozen_at=NOW + timedelta(days=900))
    shutil.copytree(packs.PACKS, tmp_path / "packs")
    (tmp_path / "packs" / "jp_house_2026.toml").unlink()
    monkeypatch.setattr(packs, "PACKS", tmp_path / "packs")

    said = replay(decision).json()

    assert (said["same"], said["differences"]) == (True, [])
    row = Decision.objects.get(id=decision.id)
    again = replay_module._answer(row, pack_of_version(row.pack_version)).as_json()
    assert canonical({"findings": again["findings"]}) == stored


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_every_situation_of_every_pack_says_the_same_again(person, purpose):
    physician = physician_for(decision := decided(PEOPLE[person], purpose, PACKS[0]))
    rows = [decision] + [
        decided(PEOPLE[person], purpose, pack, patient=decision.patient) for pack in PACKS[1:]
    ]

    replays = [replay(row, by=physician).json() for row in rows]

    assert [(said["same"], said["differences"]) for said in replays] == [(True, [])] * len(PACKS)
    assert all(said["record"]["unaltered"] for said in replays)


@pytest.mark.parametrize(
    "now",
    ["2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z", "2028-02-29T14:59:59.999999Z"],
)
def test_the_instant_is_the_stored_one_to_the_microsecond(now):
    at = datetime.fromisoformat(now)
    facts = situations.given(running(WOMAN), {"patient.zone": "America/New_York"})

    said = replay(decided(facts, "dispense", situations.US, now=at)).json()

    assert (said["same"], said["differences"]) == (True, [])


def test_it_leaves_an_entry_and_nothing_else():
    decision = approved()
    physician = physician_for(decision)

    replay(decision, by=physician)

    entry = AuditEntry.objects.get(action="decision.replay")
    assert (entry.actor, entry.object_ref) == (physician.user.actor.label, decision.ref)
    assert entry.patient_ref == decision.patient.ref
    assert entry.facts == {
        "same": "yes",
        "unaltered": "yes",
        "pack_version": decision.pack_version,
        "rules_version": RULES_VERSION,
    }
    assert Decision.objects.count() == 1


def test_staff_and_auditors_may_and_patients_may_not():
    decision = approved()
    clinic = decision.patient.clinic

    assert replay(decision, by=StaffMemberFactory(clinic=clinic)).status_code == 200
    assert replay(decision, by=AuditorFactory(clinic=clinic)).status_code == 200
    assert replay(decision, by=AuditorFactory()).status_code == 404
    assert replay(decision, by=decision.patient).status_code == 403


def test_another_pack_says_whether_it_would_have_decided_otherwise():
    decision = approved()

    american = replay(decision, {"pack": "us_ipledge_2026"}).json()

    assert american["same"] is False
    assert american["replayed"]["pack"] == "us_ipledge_2026"
    assert american["replayed"]["decision"] == "block"
    assert american["differences"][0] == {
        "about": "decision",
        "then": "clear",
        "now": "block",
        "fields": [],
    }
    assert american["pack_version"] == decision.pack_version


def test_another_pack_that_decides_alike_is_the_same_though_it_says_it_otherwise():
    blocked = approved(patient_on_doxycycline(), status="draft", draft=True)

    british = replay(blocked, {"pack": "uk_mhra_2026"}).json()

    assert (british["decision"], british["replayed"]["decision"]) == ("block", "block")
    assert british["same"] is True
    assert british["differences"]


def test_a_version_that_decisions_were_made_by_can_be_named():
    decision = approved()

    said = replay(decision, {"pack": decision.pack_version}).json()

    assert (said["same"], said["replayed"]["pack_version"]) == (True, decision.pack_version)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("jp_house_1999", "no_such_pack"),
        ("jp_house_2026@0000000000000000", "pack_not_kept"),
        ("jp", "no_such_pack"),
    ],
)
def test_an_unknown_pack_is_refused_where_it_stands(name, code):
    answer = replay(approved(), {"pack": name})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/pack"
    assert not AuditEntry.objects.filter(action="decision.replay", outcome="done").exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"pack": 7}, "/pack"), ({"pack": "x" * 81}, "/pack"), ({"purpose": "intake"}, "/purpose")],
)
def test_a_body_of_another_shape_is_refused(body, pointer):
    answer = replay(approved(), body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_other_rules_than_those_of_then_are_said_to_be_others(monkeypatch):
    decision = approved()
    monkeypatch.setattr(replay_module, "RULES_VERSION", "ffffffffffffffff")

    said = replay(decision).json()

    assert said["rules_version"] == RULES_VERSION
    assert said["replayed"]["rules_version"] == "ffffffffffffffff"


def test_a_decision_is_about_the_instant_that_it_was_asked_for():
    case = case_from_facts(MAN, situations.NOW)
    said = assess(case, load(situations.JP), "prescribe")

    with pytest.raises(ValueError, match="another instant"), transaction.atomic():
        decide(
            patient=PatientFactory(),
            assessment=said,
            case=replace(case, now=situations.NOW + timedelta(seconds=1)),
            moment="approve",
            by=job("test"),
            at=situations.NOW,
        )


def test_a_replay_costs_the_same_whatever_is_known(django_assert_num_queries):
    few, many = approved(), approved(ready_patient())
    WeightFactory.create_batch(20, patient=many.patient)
    physician = physician_for(few)
    replay(few, by=physician)
    with CaptureQueriesContext(connection) as first:
        replay(few, by=physician)
    queries = len(first)

    physician = physician_for(many)
    replay(many, by=physician)
    with django_assert_num_queries(queries):
        replay(many, by=physician)
