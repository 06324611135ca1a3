"""What is stored of an assessment: all of it, in plain words, so that it can be shown again."""

from datetime import UTC, date, datetime

import pytest

from backend.protocol.assess import NoSuchPurpose, assess
from backend.protocol.facts import BadFacts, case_from_facts
from backend.protocol.pack import NoSuchPack, load
from backend.protocol.planner import NoSuchDose
from tests.protocol.situations import JP, MAN, NOW, US_2026, asked, given

SEPTEMBER = datetime(2026, 9, 1, 3, tzinfo=UTC)


def test_an_assessment_is_stored_with_everything_that_it_said():
    found = asked(MAN, "prescribe", {"patient.allergies": ["soya"]})
    (finding,) = found.of("C-07")

    plain = found.as_json()

    assert {name: value for name, value in plain.items() if name != "findings"} == {
        "pack": JP,
        "pack_version": load(JP).version,
        "purpose": "prescribe",
        "today": "2026-06-15",
        "decision": "block",
        "in_force": True,
    }
    (stored,) = [one for one in plain["findings"] if one["rule"] == "C-07"]
    assert stored == {
        "rule": "C-07",
        "level": "block",
        "message": {"ja": finding.message.ja, "en": finding.message.en},
        "evidence": {"allergies": "soya", "prescription.soya_oil": "true"},
        "missing": [],
        "remedy": {"ja": finding.remedy.ja, "en": finding.remedy.en},
        "remedy_by": finding.remedy_by.value,
        "patient_message": {"ja": finding.patient_message.ja, "en": finding.patient_message.en},
        "source": finding.source,
    }


def test_a_finding_without_words_for_the_patient_stores_none():
    found = asked(MAN, "intake", {"patient.allergies": ["soya"]})

    (stored,) = found.as_json()["findings"]

    assert stored["level"] == "warn"
    assert stored["patient_message"] is None


def test_x_07_without_a_day_the_day_is_stored_as_unknown():
    plain = asked(MAN, "dispense", unset=["patient.zone"]).as_json()

    assert (plain["today"], plain["purpose"], plain["in_force"]) == (None, "dispense", True)


def test_x_07_says_whether_the_zone_is_unknown_or_no_zone():
    (unknown,) = asked(MAN, "intake", unset=["patient.zone"]).findings
    (wrong,) = asked(MAN, "intake", {"patient.zone": "Mars/Olympus"}).findings

    assert (unknown.evidence, wrong.evidence) == ((), (("zone", "Mars/Olympus"),))
    assert "not known" in unknown.message.en
    assert "Mars/Olympus" in wrong.message.en
    assert wrong.missing == unknown.missing == ("patient.zone",)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", None])
def test_a_pack_that_a_human_activated_is_in_force_from_that_day(zone):
    case = case_from_facts(given(MAN, {"patient.zone": zone}), SEPTEMBER)
    pack = load(US_2026)

    def in_force(activated):
        return assess(case, pack, "intake", activated).in_force

    assert not in_force({})
    assert in_force({US_2026: date(2026, 9, 1)})
    assert not in_force({US_2026: date(2026, 9, 2)})


def test_every_refusal_has_a_code_that_clients_may_switch_on():
    assert [one.code for one in (NoSuchPurpose, NoSuchPack, NoSuchDose, BadFacts)] == [
        *("no_such_purpose", "no_such_pack", "no_such_dose", "bad_facts")
    ]


def test_a_refusal_says_what_was_asked_for_in_both_languages():
    with pytest.raises(NoSuchPurpose) as purpose:
        assess(case_from_facts({}, NOW), load(JP), "browse")
    with pytest.raises(NoSuchPack) as pack:
        load("house")

    assert "browse" in purpose.value.detail.en
    assert "browse" in purpose.value.detail.ja
    assert "house" in pack.value.detail.en
    assert "house" in pack.value.detail.ja
