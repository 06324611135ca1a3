"""The rule packs as people read them."""

import hashlib

import pytest

from backend.protocol.pack import load
from tests.callers import Caller
from tests.factories.accounts import PatientFactory, PhysicianFactory, StaffMemberFactory
from tests.protocol.situations import PACKS

pytestmark = pytest.mark.django_db
PATH = "/v1/protocol/packs"


def test_the_list_has_every_pack_with_its_days_and_who_signs_it_off():
    shown = Caller(StaffMemberFactory()).get(PATH).json()["data"]

    assert [one["id"] for one in shown] == sorted(PACKS)
    old = next(one for one in shown if one["id"] == "uk_mhra_2023")
    assert (old["programme"], old["in_force_until"]) == ("uk", "2026-01-21")
    assert old["version"] == load("uk_mhra_2023").version


SIGNERS = {
    "jp_house_2026": ["house policy", "Japanese medical law"],
    "us_ipledge_2023": ["neither is nor replaces the iPLEDGE system"],
    "us_ipledge_2026": ["neither is nor replaces the iPLEDGE system", "2026-02-09"],
    "uk_mhra_2023": ["superintendent pharmacist", "no form or service of the MHRA"],
    "uk_mhra_2026": ["superintendent pharmacist", "no form or service of the MHRA"],
    "eu_ppp_2018": ["that state's medical law", "no form or service of the EMA"],
}


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_says_who_must_sign_it_off_before_use(name):
    said = Caller(PhysicianFactory()).get(f"{PATH}/{name}").json()["sign_off"]

    for words in ["responsible", "lawyer", "the physician decides", *SIGNERS[name]]:
        assert words in said


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_text_that_is_signed_off_comes_with_its_hash(language):
    shown = Caller(PhysicianFactory(), language=language).get(f"{PATH}/us_ipledge_2026").json()

    assert shown["sign_off"].isascii() == (language == "en")
    assert shown["sign_off_sha256"] == hashlib.sha256(shown["sign_off"].encode()).hexdigest()


def test_the_list_comes_in_pages():
    caller = Caller(PhysicianFactory())

    first = caller.get(PATH, limit="4").json()
    second = caller.get(PATH, limit="4", cursor=first["next_cursor"]).json()

    assert [one["id"] for one in first["data"] + second["data"]] == sorted(PACKS)
    assert (first["has_more"], second["has_more"]) == (True, False)


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_shows_every_number_with_unit_source_and_confidence(name):
    pack = load(name)

    shown = Caller(PhysicianFactory()).get(f"{PATH}/{name}").json()

    assert set(shown["numbers"]) == set(pack.numbers)
    for number in shown["numbers"].values():
        assert set(number) == {"value", "unit", "source", "confidence"}
        assert all(number.values())
    levels = {rule: entry["value"] for rule, entry in shown["levels"].items()}
    assert levels == {rule: level.value for rule, level in pack.levels.items()}
    choices = {switch: entry["value"] for switch, entry in shown["choices"].items()}
    assert choices == {switch: [str(c) for c in codes] for switch, codes in pack.choices.items()}


@pytest.mark.parametrize("name", PACKS)
def test_days_levels_and_choices_say_where_they_come_from(name):
    shown = Caller(PhysicianFactory()).get(f"{PATH}/{name}").json()

    assert shown["source"]
    for entry in (*shown["levels"].values(), *shown["choices"].values()):
        assert set(entry) == {"value", "source", "confidence"}
        assert entry["source"]
        assert entry["confidence"] in {"H", "M", "L", "DESIGN"}


def test_a_level_shows_the_source_of_the_pack_that_chose_it():
    level = Caller(PhysicianFactory()).get(f"{PATH}/jp_house_2026").json()["levels"]["C-22"]

    assert level == {"value": "block", "source": "patient text S-08", "confidence": "H"}


def test_a_number_is_exact():
    numbers = Caller(PhysicianFactory()).get(f"{PATH}/jp_house_2026").json()["numbers"]

    assert (numbers["start_dose"]["value"], numbers["start_dose"]["unit"]) == ("0.5", "mg/kg/day")
    assert numbers["contract_price_above"]["value"] == "50000"


def test_a_pack_that_is_not_there_is_not_found():
    answer = Caller(PhysicianFactory()).get(f"{PATH}/house")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", [PATH, f"{PATH}/jp_house_2026"])
def test_patients_are_not_shown_the_rule_book(path):
    answer = Caller(PatientFactory()).get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
