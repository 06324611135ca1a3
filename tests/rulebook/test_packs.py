"""The rule packs as people read them."""

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
    assert "physician must confirm" in old["sign_off"]


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
    assert shown["levels"] == {rule: level.value for rule, level in pack.levels.items()}
    assert set(shown["choices"]) == set(pack.choices)


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
