"""Packs: what they say, and which is in force when."""

import json
import shutil
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backend.protocol import pack as pack_module
from backend.protocol import pack_shape
from backend.protocol.assess import RULES
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import (
    BadPack,
    NoSuchPack,
    load,
    pack_for,
    pack_from,
    pack_in_force,
    packs_in,
    waits_for_anybody,
)
from tests.protocol.pack_folder import change
from tests.protocol.situations import PACKS


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_number_of_every_pack_is_sourced(pack_id):
    pack = load(pack_id)

    assert set(pack.numbers) == set(pack_shape.numbers_of(pack.programme))
    assert all(number.source and number.confidence for number in pack.numbers.values())
    assert pack.version.startswith(f"{pack_id}@")


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_pack_is_made_again_of_its_content(pack_id):
    pack = load(pack_id)

    again = pack_from(json.loads(json.dumps(pack.content)))

    assert again is not pack
    for field in fields(pack):
        assert getattr(again, field.name) == getattr(pack, field.name), field.name


def test_the_order_in_which_a_pack_says_things_is_not_part_of_its_version():
    content = load("jp_house_2026").content

    turned = {key: content[key] for key in reversed(content)}

    assert list(turned) != list(content)
    assert pack_from(turned).version == load("jp_house_2026").version


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_pack_says_in_both_languages_who_signs_it_off(pack_id):
    sign_off = load(pack_id).sign_off

    assert "承認" in sign_off.ja
    assert "Before use" in sign_off.en


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_pack_names_rules_that_there_are(pack_id):
    pack, known = load(pack_id), {rule.id for rule in RULES}

    assert set(pack.choices["rules_off"]) <= known
    assert set(pack.levels) <= known


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


def test_a_pack_that_waited_is_in_force_until_its_last_day(folder, monkeypatch):
    change(
        folder,
        "us_ipledge_2026",
        "in_force_from = 2026-08-08",
        "in_force_from = 2026-08-08\nin_force_until = 2026-12-31",
    )
    monkeypatch.setattr(pack_module, "PACKS", folder)
    active = {"us_ipledge_2026": date(2026, 8, 8)}

    assert pack_in_force("us", date(2026, 12, 31), active).id == "us_ipledge_2026"
    assert pack_in_force("us", date(2027, 1, 1), active).id == "us_ipledge_2023"


@pytest.mark.parametrize(
    ("first", "later", "answers"),
    [(date(2026, 8, 8), date(2026, 9, 1), "later"), (date(2026, 9, 1), date(2026, 8, 8), "first")],
)
def test_of_two_packs_that_waited_the_one_that_came_later_answers(
    folder, monkeypatch, first, later, answers
):
    shutil.copy(folder / "us_ipledge_2026.toml", folder / "us_later.toml")
    change(folder, "us_later", 'id = "us_ipledge_2026"', 'id = "us_later"')
    monkeypatch.setattr(pack_module, "PACKS", folder)
    active = {"us_ipledge_2026": first, "us_later": later}

    found = pack_in_force("us", date(2026, 9, 1), active).id

    assert found == {"first": "us_ipledge_2026", "later": "us_later"}[answers]


def test_which_programmes_have_a_pack_that_waits():
    waiting = [name for name in ("jp", "us", "uk", "eu") if waits_for_anybody(name)]

    assert waiting == ["us"]


def test_a_programme_is_answered_by_the_day_in_the_patients_zone():
    now = datetime(2026, 1, 21, 20, 0, tzinfo=UTC)  # the 22nd in Tokyo

    def answers(zone):
        return pack_for("uk", case_from_facts({"patient": {"zone": zone}}, now)).id

    assert answers("Asia/Tokyo") == "uk_mhra_2026"
    assert answers("Europe/London") == "uk_mhra_2023"
    assert answers("Nowhere") == "uk_mhra_2023"


def test_a_programme_is_answered_by_the_pack_that_the_clinic_activated():
    case = case_from_facts({"patient": {"zone": "Asia/Tokyo"}}, datetime(2026, 9, 1, tzinfo=UTC))

    assert pack_for("us", case).id == "us_ipledge_2023"
    assert pack_for("us", case, {"us_ipledge_2026": date(2026, 9, 1)}).id == "us_ipledge_2026"


@pytest.mark.parametrize(("until", "loads"), [("2023-10-30", True), ("2023-10-31", False)])
def test_a_pack_ends_before_the_day_on_which_the_next_begins(folder, until, loads):
    shutil.copy(folder / "uk_mhra_2023.toml", folder / "uk_zero.toml")
    change(folder, "uk_zero", 'id = "uk_mhra_2023"', 'id = "uk_zero"')
    change(folder, "uk_zero", "in_force_from = 2023-10-31", "in_force_from = 2020-01-01")
    change(folder, "uk_zero", "in_force_until = 2026-01-21", f"in_force_until = {until}")

    if loads:
        assert "uk_zero" in packs_in(folder)
    else:
        with pytest.raises(BadPack, match="uk_mhra_2023 and uk_zero are in force on the same day"):
            packs_in(folder)


def test_an_unknown_pack_is_refused():
    with pytest.raises(NoSuchPack):
        load("house")
    with pytest.raises(NoSuchPack):
        pack_for("uk_mhra", case_from_facts({}, datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("house", "SmPC 4.2; F43b", "SmPC 4.2"),
        ("us_ipledge_2026", "Before use", "Before any use"),
        ("us_ipledge_2026", "in_force_from = 2026-08-08", "in_force_from = 2026-08-09"),
    ],
)
def test_whatever_a_pack_says_makes_its_version(folder, name, old, new):
    change(folder, name, old, new)

    assert packs_in(folder)["us_ipledge_2026"].version != load("us_ipledge_2026").version


def test_a_changed_number_is_another_version(folder):
    change(folder, "house", "highest_dose = {value = 2", "highest_dose = {value = 1.9")

    changed = packs_in(folder)["jp_house_2026"]

    assert changed.number("highest_dose") == Decimal("1.9")
    assert changed.version != load("jp_house_2026").version
