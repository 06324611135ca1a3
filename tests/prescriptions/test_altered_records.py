"""A record that was altered or lost is seen when it is replayed; nothing is guessed."""

import json

import pytest
from django.db import connection, transaction

from backend.audit.models import AuditEntry
from backend.protocol.pack import load
from backend.rulebook.models import RulePackVersion
from backend.rulebook.queries import pack_of_version
from tests.audit.past_guards import destroy_key
from tests.factories.prescriptions import NOW, DecisionFactory, patient_on_doxycycline
from tests.prescriptions.replays import altered, approved, decided, replay
from tests.protocol.situations import MAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def packs_are_read_anew():
    """What this process remembers of kept packs, another process would read."""
    pack_of_version.cache_clear()


def test_without_the_pack_that_was_kept_nothing_is_guessed():
    decision = approved()
    altered("DELETE FROM rulebook_rulepackversion")

    answer = replay(decision)

    assert (answer.status_code, answer.json()["code"]) == (422, "pack_not_kept")
    assert "errors" not in answer.json()


def test_a_kept_pack_that_was_altered_answers_nothing():
    decision = approved()
    kept = RulePackVersion.objects.get()
    milder = kept.content | {"in_force_from": "1999-01-01"}
    altered("UPDATE rulebook_rulepackversion SET content = %s", json.dumps(milder))

    answer = replay(decision)

    assert (answer.status_code, answer.json()["code"]) == (422, "pack_altered")


def test_facts_that_the_rules_cannot_read_any_more_are_not_guessed_at():
    decision = DecisionFactory(
        facts={"patient": {"humour": "phlegmatic"}}, pack_version=load("jp_house_2026").version
    )
    decided(MAN, "prescribe", "jp_house_2026")  # keeps the pack

    answer = replay(decision)

    assert (answer.status_code, answer.json()["code"]) == (422, "facts_not_readable")
    assert answer.json()["errors"][0]["pointer"] == "/patient/humour"


@pytest.mark.parametrize(
    ("sql", "differs"),
    [
        ("facts = jsonb_set(facts, '{course,number}', '2')", ["facts_sha256"]),
        ("findings = '[]'", ["findings_sha256"]),
        ("decision = 'senior'", ["decision"]),
        ("asked_at = asked_at + interval '1 microsecond'", ["asked_at"]),
        ("asked_by = 'physician:usr_nobody'", ["asked_by"]),
        ("rules_version = '0'", ["rules_version"]),
        ("purpose = 'intake'", ["purpose"]),
    ],
)
def test_a_row_that_differs_from_its_entry_is_reported(sql, differs):
    decision = approved()
    altered(f"UPDATE prescriptions_decision SET {sql}")

    said = replay(decision).json()["record"]

    assert (said["unaltered"], said["differs"]) == (False, differs)
    assert AuditEntry.objects.get(action="decision.replay").facts["unaltered"] == "no"


def test_findings_that_were_taken_out_are_named():
    decision = approved(patient_on_doxycycline(), status="draft", draft=True)
    altered("UPDATE prescriptions_decision SET decision = 'clear', findings = '[]'")

    said = replay(decision).json()

    assert said["same"] is False
    by_rule = {one["about"]: (one["then"], one["now"]) for one in said["differences"]}
    assert by_rule["decision"] == ("clear", "block")
    assert by_rule["C-11"] == (None, "block")


def test_a_finding_that_was_reworded_or_moved_is_named():
    decision = approved()
    altered(
        "UPDATE prescriptions_decision SET findings = jsonb_set(findings, '{0,source}', '\"\"')"
    )

    (difference,) = replay(decision).json()["differences"]

    assert difference["about"] == decision.findings[0]["rule"]
    assert difference["then"] == difference["now"] == decision.findings[0]["level"]
    assert difference["fields"] == ["source"]


def test_an_entry_that_was_altered_or_lost_vouches_for_nothing():
    decision = approved()
    entry = AuditEntry.objects.get(action="decision.approve")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET body = body || ' ' WHERE id = %s", [entry.id])
    assert replay(decision).json()["record"] == {
        "entry": str(entry.id),
        "unaltered": False,
        "differs": ["entry"],
    }

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry.id])
    assert replay(decision).json()["record"] == {"entry": None, "unaltered": False, "differs": []}


def test_an_entry_whose_sealed_facts_were_exchanged_vouches_for_nothing():
    decision = approved()
    other = AuditEntry.objects.exclude(sealed_facts=None).exclude(action="decision.approve").first()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_auditentry SET sealed_facts = %s WHERE action = 'decision.approve'",
            [bytes(other.sealed_facts)],
        )

    said = replay(decision).json()["record"]

    assert (said["unaltered"], said["differs"]) == (False, ["entry"])


def test_when_the_patients_key_is_gone_the_entry_says_nothing_any_more():
    decision = approved()
    with transaction.atomic():
        destroy_key(decision.patient.ref, at=NOW)

    said = replay(decision).json()

    assert said["same"] is True
    assert (said["record"]["unaltered"], said["record"]["differs"]) == (False, ["sealed"])
