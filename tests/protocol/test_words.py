"""The words of the rules: a number of the medicine stands in the packs and nowhere else."""

import copy
import re

import pytest

from backend.protocol.assess import assess
from backend.protocol.catalogue import catalogue
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load, pack_from
from backend.protocol.rulebook import RULES
from backend.protocol.texts import RESERVED, amount, rule_texts
from tests.protocol.situations import JP, MAN, NOW, PACKS, given

NO_MESSAGES = RESERVED - {"fix", "patient"}
NUMBER = re.compile(r"(?<![-\d.])\d+(?:\.\d+)?%?")
NONE_OF_A_PACK = re.compile(r"{\w+}|\d〜\d週|\d to \d weeks")  # the packs count days and months


def pack_with(**values):
    """The Japanese pack with other numbers."""
    content = copy.deepcopy(load(JP).content)
    for name, value in values.items():
        content["numbers"][name]["value"] = value
    return pack_from(content)


def said_of(rule, pack, changes):
    (finding,) = assess(case_from_facts(given(MAN, changes), NOW), pack, "prescribe").of(rule)
    return finding


def messages(rule):
    """Each message of a rule, in both languages."""
    return {name: words for name, words in rule_texts()[rule].items() if name not in NO_MESSAGES}


@pytest.mark.parametrize(("highest", "days"), [(30, 31), (28, 29)])
def test_a_message_names_the_number_of_its_pack(highest, days):
    pack = pack_with(supply_highest=highest)

    finding = said_of("D-17", pack, {"prescription.days": days})

    assert f"more than {highest}" in finding.message.en
    assert f"上限の{highest}日" in finding.message.ja
    assert f"at most {highest} days" in finding.remedy.en


def test_a_share_is_said_in_percent():
    gained = [{"kg": 60, "on": "2026-05-01"}, {"kg": 72, "on": "2026-06-12"}]

    finding = said_of("D-19", pack_with(weight_change_from="0.15"), {"patient.weights": gained})

    assert "15%" in finding.message.en
    assert "15%" in finding.message.ja


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_no_message_repeats_a_number_of_a_pack(rule):
    read = rule_texts()[rule].get("reads", ())

    numbers = [load(pack).numbers for pack in PACKS]
    of_packs = {amount(n[name]).en for n in numbers for name in read if name in n}

    for name, words in messages(rule).items():
        for text in words:
            assert of_packs.isdisjoint(NUMBER.findall(NONE_OF_A_PACK.sub("", text))), (name, text)


def test_the_rule_page_shows_the_numbers_and_leaves_out_the_patient():
    entries = {entry.id: entry for entry in catalogue()}

    said = {answer.name: answer.message.en for answer in entries["D-02"].answers}

    assert said["low"] == "Dose […] mg/kg/day is below the usual range (0.5 to 1)."
    assert entries["C-22"].patient.ja.startswith("目の手術の前後6か月は")
