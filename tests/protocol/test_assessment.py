"""How findings become a decision, and what every finding says."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from backend.kernel.canonical import canonical
from backend.protocol import assess as engine
from backend.protocol.ask import Ask, rule
from backend.protocol.assess import RULES, NoSuchPurpose, assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Decision, Level, Who, decide
from backend.protocol.pack import load
from backend.protocol.texts import rule_texts, said, unknown
from tests.protocol.situations import JP, MAN, NOW, PACKS, UK, UK_2023, WOMAN, asked, given, running


def test_the_decision_is_the_most_severe_level():
    findings = [said("C-06", level, "block", {}) for level in Level]

    assert decide([]) == Decision.CLEAR
    assert [decide(findings[: n + 1]).value for n in range(7)] == [
        *("clear", "clear", "senior", "hold", "block", "stop", "urgent")
    ]
    assert all(one.rank < other.rank for one, other in pairwise(Decision))
    assert [d.value for d in Decision if d.halts_the_drug] == ["stop", "urgent"]


def test_all_findings_are_reported_not_only_the_worst():
    found = asked(
        MAN, "intake", {"patient.allergies": ["retinoid", "soya"], "patient.activities": ["pilot"]}
    )

    assert found.decision == "block"
    assert {f.rule for f in found.findings} == {"C-06", "C-07", "C-26"}


@pytest.mark.parametrize("pack", PACKS)
def test_people_with_everything_in_place_are_clear(pack):
    for who in (MAN, WOMAN, running(MAN), running(WOMAN)):
        for purpose in ("intake", "prescribe", "dispense"):
            assert asked(who, purpose, pack=pack).decision == "clear"
    assert asked(running(WOMAN), "checkin", pack=pack).decision == "clear"


def test_an_assessment_is_plain_json_with_canonical_bytes():
    found = asked(WOMAN, "prescribe", {"patient.allergies": ["soya"]}, unset=["visit.consents"])
    plain = found.as_json()

    assert json.loads(canonical(plain)) == plain
    assert plain["decision"] == "block"
    assert plain["pack_version"] == load(JP).version
    assert plain["today"] == "2026-06-15"
    assert plain["findings"][0].keys() == {
        *("rule", "level", "message", "evidence", "missing"),
        *("remedy", "remedy_by", "patient_message", "source"),
    }
    assert "visit.consents" in found.missing


def test_x_07_without_a_zone_nothing_else_is_asked():
    for zone in (None, "Mars/Olympus"):
        found = asked(WOMAN, "prescribe", {"patient.zone": zone})

        assert [(f.rule, f.level, f.missing) for f in found.findings] == [
            ("X-07", "hold", ("patient.zone",))
        ]
        assert (found.decision, found.today) == ("hold", None)


def test_x_07_an_unknown_purpose_is_refused():
    with pytest.raises(NoSuchPurpose):
        assess(case_from_facts({}, NOW), load(JP), "browse")


def test_a_named_pack_says_whether_it_is_in_force():
    before = datetime(2026, 1, 21, 12, tzinfo=UTC)

    assert not asked(MAN, "intake", pack=UK_2023).in_force
    assert asked(MAN, "intake", pack=UK).in_force
    assert asked(MAN, "intake", pack=UK_2023, now=before).in_force
    assert not asked(MAN, "intake", now=datetime(2020, 1, 1, tzinfo=UTC)).in_force


def test_a_rule_that_breaks_holds_and_keeps_what_it_said(monkeypatch):
    @rule("C-06", "I")
    def broken(ask: Ask) -> None:
        ask.say(Level.WARN)
        raise RuntimeError("boom")

    monkeypatch.setattr(engine, "RULES", (broken,))

    found = asked(MAN, "intake")

    assert found.decision == "hold"
    assert [(f.rule, f.level) for f in found.findings] == [("C-06", "warn"), ("C-06", "hold")]
    assert dict(found.findings[1].evidence) == {"error": "RuntimeError"}


def test_an_unknown_fact_says_what_to_ask_and_whom():
    finding = unknown("C-06", ["patient.allergies"])

    assert (finding.level, finding.missing) == ("hold", ("patient.allergies",))
    assert finding.remedy_by == Who.PATIENT
    assert "allergies" in finding.remedy.en
    assert "アレルギー" in finding.message.ja


def test_every_rule_has_words_in_both_languages_and_a_source():
    entries = rule_texts()

    for one in RULES:
        entry = entries[one.id]
        assert entry["source"]
        for key, pair in entry.items():
            if key not in ("source", "who", "reads", "needs", "levels"):
                assert len(pair) == 2, (one.id, key)
                assert all(words.strip() for words in pair), (one.id, key)


def test_findings_from_hold_upwards_have_words_for_the_patient_and_a_way_on():
    found = asked(
        running(WOMAN),
        "checkin",
        {"checkin.red_flags": ["bih", "vision"], "patient.breastfeeding": None},
    )

    for finding in found.findings:
        severe = finding.level.rank >= Level.SENIOR.rank
        assert finding.remedy is not None
        assert (finding.patient_message is not None) == severe


def test_a_missing_placeholder_never_loses_a_finding():
    finding = said("P-JP-02", Level.HOLD, "old", {"taken_on": "2026-06-01"})

    assert "?" in finding.message.en
    assert finding.level == Level.HOLD


def test_a_case_is_not_changed_by_asking():
    case = case_from_facts(given(WOMAN), NOW)
    before = replace(case)

    assess(case, load(JP), "prescribe")

    assert case == before
