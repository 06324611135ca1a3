"""The page of all rules: nothing is left out, and what is shown is what the packs say."""

import re
from pathlib import Path

import pytest

from backend.kernel.text import Text
from backend.protocol.catalogue import all_packs, catalogue, in_force, narrowed
from backend.protocol.findings import Level, Who
from backend.protocol.names import cited, keys_of, name_of, section_of, sources, word
from backend.protocol.pack import PACKS as PACK_FILES
from backend.protocol.pack import load
from backend.protocol.pack_shape import CHOICES, LEVELS, NUMBERS, NUMBERS_OF_SOME, SWITCHES
from backend.protocol.rulebook import RULES
from backend.protocol.texts import TEXTS, rule_texts
from tests.protocol.situations import EU, JP, PACKS, UK, UK_2023, US, US_2026

ENTRIES = {entry.id: entry for entry in catalogue()}


def reading(rule, name):
    """One thing that a rule reads."""
    (found,) = [one for one in ENTRIES[rule].readings if one.name == name]
    return found


def test_every_rule_is_there_once():
    assert len(catalogue()) == len(ENTRIES)
    assert set(ENTRIES) == {rule.id for rule in RULES} | {"X-06", "X-07"} == set(rule_texts())


def test_rules_stand_by_section_and_number():
    sections = [entry.section for entry in catalogue()]

    assert list(dict.fromkeys(sections)) == list(keys_of("sections"))
    assert [e.id for e in narrowed(catalogue(), section="selection")] == [
        *("S-01", "S-03", "S-07", "S-12", "S-15", "S-16")
    ]
    assert [section_of(rule) for rule in ("P-US-03", "P-PP-03")] == [
        *("pregnancy_us", "pregnancy_ppp")
    ]


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_number_of_every_pack_stands_under_a_rule_with_its_source(pack_id):
    shown = {
        (one.name, cell.value, cell.source, cell.confidence)
        for entry in catalogue()
        for one in entry.readings
        if (cell := one.of(pack_id))
    }

    for name, number in load(pack_id).numbers.items():
        value = str(load(pack_id).content["numbers"][name]["value"])
        assert (name, value, number.source, number.confidence) in shown


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_level_and_choice_that_a_rule_of_the_pack_reads_stands_under_it(pack_id):
    pack = load(pack_id)
    for entry in catalogue():
        if pack_id not in entry.packs:
            continue
        cells = {one.name: one.of(pack_id) for one in entry.readings}
        if entry.id in LEVELS:
            assert cells[entry.id].value == pack.level(entry.id)
        for name in cells.keys() & set(CHOICES) - {"rules_off"}:
            assert cells[name].value == ", ".join(map(str, pack.choices[name]))


def test_packs_stand_side_by_side_in_one_order():
    assert [pack.id for pack in all_packs()] == [JP, US, US_2026, UK_2023, UK, EU]
    assert [cell.pack for cell in reading("D-01", "start_dose").cells] == [
        *(JP, US, US_2026, UK_2023, UK, EU)
    ]


def test_packs_that_differ_are_told_from_those_that_agree():
    assert reading("D-07", "long_course_from").differs
    assert not reading("D-01", "start_dose").differs
    assert reading("D-07", "long_course_from").sources == (
        ("D-07; 24 weeks; F43, SmPC 4.2", "H", (JP, UK_2023, UK, EU)),
        ("D-07; 20 weeks; F15", "H", (US, US_2026)),
    )


def test_a_pack_without_the_number_shows_none():
    assert reading("T-20", "retreat_after_months").of(US).value == "2"
    assert reading("T-20", "retreat_after_months").of(JP) is None


def test_a_rule_that_a_pack_switches_off_says_so_and_why():
    entry = ENTRIES["P-US-11"]
    off = reading("P-US-11", "rules_off")

    assert entry.packs == (US,)
    assert [(c.pack, c.value) for c in off.cells] == [(US, "asked"), (US_2026, "not_asked")]
    assert off.of(US_2026).source == "the 30-day window is removed; F4"


def test_one_pack_shows_its_own_rules_and_its_own_numbers():
    found = {entry.id: entry for entry in narrowed(catalogue(), pack=JP)}

    assert "P-US-03" not in found
    assert {entry.packs for entry in found.values()} == {(JP,)}
    assert [c.pack for one in found["D-01"].readings for c in one.cells] == [JP]
    assert not any(one.differs for entry in found.values() for one in entry.readings)


def test_an_answer_has_its_level_a_way_on_and_who_can_go_it():
    taken, washout = ENTRIES["C-11"].answers

    assert (taken.levels, taken.by_pack) == ((Level.HOLD, Level.BLOCK), True)
    assert (washout.levels, washout.by_pack) == ((Level.HOLD,), False)
    assert washout.message.en == "[…] was stopped less than […] days ago."
    assert washout.remedy.ja == "中止から […] 日たってから判断してください。"
    assert ENTRIES["D-03"].answers[1].remedy_by != ()
    assert ENTRIES["C-08"].answers[1].remedy_by == (Who.SENIOR_PHYSICIAN,)


def test_every_rule_answers_something_or_says_what_it_does():
    assert [entry.id for entry in catalogue() if not entry.answers] == ["X-06"]
    assert ENTRIES["X-06"].note is not None


@pytest.mark.parametrize(
    ("rule", "name", "pack", "shown"),
    [
        ("J-22", "contract_price_above", JP, ("50,000", "50,000")),
        ("D-09", "early_stop_fall_above", US, ("70%", "70%")),
        ("L-13", "triglycerides_stop_from_mmol", JP, ("9.0", "9.0")),
        ("D-16", "capsules_standard_mg", JP, ("10、20、30", "10, 20, 30")),
        ("D-16", "capsules_micronised_mg", JP, ("なし", "none")),
        ("C-05", "minors", UK_2023, ("2人目の処方医", "second prescriber")),
        ("C-11", "C-11", US, ("保留", "hold")),
    ],
)
def test_a_value_is_shown_as_a_person_reads_it(rule, name, pack, shown):
    cell = reading(rule, name).of(pack)

    assert (cell.shown.ja, cell.shown.en) == shown


def test_everything_has_a_name_in_both_languages():
    wanted = {
        "numbers": {*NUMBERS, *NUMBERS_OF_SOME},
        "units": {*NUMBERS.values(), *(unit for unit, _ in NUMBERS_OF_SOME.values())},
        "choices": {*CHOICES, "level"},
        "codes": {code for codes in SWITCHES.values() for code in codes},
        "levels": set(Level),
        "level_meanings": set(Level),
        "who": set(Who),
        "packs": set(PACKS),
        "sections": set(keys_of("section_rules")),
    }
    for table, keys in wanted.items():
        assert keys <= set(keys_of(table)), table
    assert name_of("numbers", "no_such_number").en == "no_such_number"
    assert word("from_day", day="2026-01-01").en == "from 2026-01-01"


def test_every_tag_that_is_cited_stands_in_the_sources_and_no_other():
    files = [*PACK_FILES.glob("*.toml"), *TEXTS.glob("*.toml")]
    lines = [
        line
        for path in files
        if path.name != "sources.toml"
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    tags = set(re.findall(r"\bF\d+[a-d]?\b", "\n".join(lines)))
    for first, last in re.findall(r"\bF(\d+) to F(\d+)\b", "\n".join(lines)):
        tags |= {f"F{number}" for number in range(int(first), int(last))}

    assert tags == set(sources())


def test_a_source_falls_into_its_tags_and_the_rest():
    assert list(cited("UK SmPC 4.2; F14, F15 H; F99")) == [
        ("UK SmPC 4.2; ", False),
        ("F14", True),
        (", ", False),
        ("F15", True),
        (" H; ", False),
        ("F99", False),
    ]
    assert list(cited("F14; label")) == [("F14", True), ("; label", False)]
    assert list(cited("")) == []


def test_every_section_of_the_page_has_its_heading_in_the_domain_page():
    page = (Path(__file__).parents[2] / "docs" / "domain.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (.*)$", page, re.MULTILINE)

    for section in keys_of("sections"):
        assert name_of("sections", section).en in headings


@pytest.mark.parametrize(
    ("pack", "says"),
    [
        (UK_2023, Text("2023-10-31 から 2026-01-21 まで", "2023-10-31 to 2026-01-21")),
        (UK, Text("2026-01-22 から", "from 2026-01-22")),
        (
            US_2026,
            Text("有効化されたとき（2026-08-08 以降）", "once activated, not before 2026-08-08"),
        ),
    ],
)
def test_a_pack_says_from_when_to_when_it_answers(pack, says):
    assert in_force(load(pack)) == says


def test_a_rule_has_a_column_for_each_pack_that_has_something_to_show():
    assert ENTRIES["D-06"].columns == (US, US_2026)
    assert ENTRIES["R-01"].columns == ()
    assert ENTRIES["D-07"].columns == tuple(pack.id for pack in all_packs())
