"""Packs: which is in force when, and what does not load."""

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backend.protocol import pack_shape
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import PACKS as FOLDER
from backend.protocol.pack import NoSuchPack, load, pack_for, pack_in_force, packs_in
from backend.protocol.pack_files import BadPack
from tests.protocol.situations import PACKS


@pytest.fixture
def folder(tmp_path):
    """A copy of the real packs, to be broken."""
    return shutil.copytree(FOLDER, tmp_path / "packs")


def change(folder, name, old, new):
    path = folder / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def reasons(folder):
    with pytest.raises(BadPack) as caught:
        packs_in(folder)
    return caught.value.reasons


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_number_of_every_pack_is_sourced(pack_id):
    pack = load(pack_id)

    assert set(pack.numbers) == set(pack_shape.numbers_of(pack.programme))
    assert all(number.source and number.confidence for number in pack.numbers.values())
    assert pack.version.startswith(f"{pack_id}@")


def test_packs_stand_on_each_other():
    assert load("us_ipledge_2026").number("lockout") == 19
    assert load("us_ipledge_2026").number("triglycerides_per_mmol") == Decimal("88.5")
    assert len({load(pack_id).version for pack_id in PACKS}) == len(PACKS)


@pytest.mark.parametrize(
    ("programme", "on", "pack_id"),
    [
        ("jp", date(2026, 1, 1), "jp_house_2026"),
        ("uk", date(2026, 1, 21), "uk_mhra_2023"),
        ("uk", date(2026, 1, 22), "uk_mhra_2026"),
        ("us", date(2023, 11, 30), "us_ipledge_2023"),
        ("us", date(2030, 1, 1), "us_ipledge_2023"),
        ("eu", date(2018, 6, 21), "eu_ppp_2018"),
    ],
)
def test_the_pack_in_force(programme, on, pack_id):
    assert pack_in_force(programme, on).id == pack_id


@pytest.mark.parametrize(
    ("programme", "on"),
    [("jp", date(2025, 12, 31)), ("us", date(2023, 11, 29)), ("fr", date(2026, 6, 1))],
)
def test_a_day_without_a_pack_is_refused(programme, on):
    with pytest.raises(NoSuchPack):
        pack_in_force(programme, on)


def test_the_new_us_pack_waits_for_a_human_and_never_comes_early():
    early = {"us_ipledge_2026": date(2026, 7, 1)}

    assert pack_in_force("us", date(2026, 8, 7), early).id == "us_ipledge_2023"
    assert pack_in_force("us", date(2026, 8, 8), early).id == "us_ipledge_2026"
    assert pack_in_force("us", date(2026, 8, 8)).id == "us_ipledge_2023"


def test_a_programme_is_answered_by_the_day_in_the_patients_zone():
    now = datetime(2026, 1, 21, 20, 0, tzinfo=UTC)  # the 22nd in Tokyo

    def answers(zone):
        return pack_for("uk", case_from_facts({"patient": {"zone": zone}}, now)).id

    assert answers("Asia/Tokyo") == "uk_mhra_2026"
    assert answers("Europe/London") == "uk_mhra_2023"
    assert answers("Nowhere") == "uk_mhra_2023"


def test_an_unknown_pack_is_refused():
    with pytest.raises(NoSuchPack):
        load("house")
    with pytest.raises(NoSuchPack):
        pack_for("uk_mhra", case_from_facts({}, datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("house", '"D-03; US label F15; house rule elsewhere"', '" "', "has no source"),
        ("house", 'confidence = "L"', 'confidence = "sure"', "has no confidence"),
        (
            "house",
            'value = 2, unit = "mg/kg/day"',
            'value = 2, unit = "mg/day"',
            "must be in mg/kg/day",
        ),
        ("house", "highest_dose = {value = 2", 'highest_dose = {value = "2"', "must be a number"),
        ("house", "highest_dose = {value = 2", "highest_dose = {value = -2", "must be a number"),
        (
            "house",
            "highest_dose = {value = 2",
            "tallest_dose = {value = 2",
            "tallest_dose is unknown",
        ),
        ("house", "highest_dose = {value = 2", "# {value = 2", "highest_dose is missing"),
        ("house", 'unit = "years", source', "sauce = 1, source", "must have exactly"),
        ("jp_house_2026", 'programme = "jp"', 'programme = "fr"', "unknown programme"),
        ("jp_house_2026", "[levels]", "colour = 1\n[levels]", "must have exactly"),
        (
            "jp_house_2026",
            'base = "house"',
            'base = "house"\ncolour = "red"',
            "unknown key 'colour'",
        ),
        ("jp_house_2026", 'base = "house"', 'base = "home"', "does not exist"),
        ("jp_house_2026", 'id = "jp_house_2026"', 'id = "jp"', "must be the file's name"),
        ("jp_house_2026", "in_force_from = 2026-01-01", "", "in_force_from must be a day"),
        ("jp_house_2026", 'source = "0.6; clinic may configure"', "", "its validity has no source"),
        (
            "jp_house_2026",
            '"block", source = "pat',
            '"maybe", source = "pat',
            "level C-22 is unknown",
        ),
        ("jp_house_2026", "value = [10, 20, 30]", 'value = ["10"]', "must be a list of int"),
        (
            "uk_mhra_2023",
            "in_force_until = 2026-01-21",
            "in_force_until = 2026-01-22",
            "in force on the same day",
        ),
        (
            "uk_mhra_2023",
            "in_force_until = 2026-01-21",
            "in_force_until = 2020-01-22",
            "ends before it begins",
        ),
        ("eu_ppp_2018", "[levels]", "[levels", "eu_ppp_2018.toml"),
    ],
)
def test_a_broken_pack_does_not_load_and_says_why(folder, name, old, new, reason):
    change(folder, name, old, new)

    assert any(reason in found for found in reasons(folder))


def test_a_changed_number_is_another_version(folder):
    change(folder, "house", "highest_dose = {value = 2", "highest_dose = {value = 1.9")

    changed = packs_in(folder)["jp_house_2026"]

    assert changed.number("highest_dose") == Decimal("1.9")
    assert changed.version != load("jp_house_2026").version
