"""What does not load, and why."""

import pytest

from backend.protocol.pack import packs_in
from backend.protocol.pack_files import BadPack
from backend.protocol.pack_shape import SWITCHES
from tests.protocol.pack_folder import change
from tests.protocol.situations import PACKS

UNHEARD_OF = '"unheard_of"], source = "C-05", confidence = "H"} # '


def reasons(folder):
    with pytest.raises(BadPack) as caught:
        packs_in(folder)
    return caught.value.reasons


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
        (
            "eu_ppp_2018",
            "in_force_from = 2018-06-21",
            "in_force_from = 2018-06-21T00:00:00Z",
            "in_force_from must be a day",
        ),
        ("house", '"SmPC 4.2; F43b"', '""', "levels.D-11 has no source"),
        ("house", "C-25 = {", "C-99 = {", "level C-99 is unknown"),
        ("house", "C-25 = {", "# {", "level C-25 is missing"),
        ("house", 'C-25 = {value = "counsel"', 'C-25 = {value = ["counsel"]', "C-25 is unknown"),
        ("house", 'C-25 = {value = "counsel", ', 'C-25 = "counsel" # {', "must have exactly"),
        ("house", '"C-05; F10"', "7", "choices.minors has no source"),
        ("house", "minors = {", "majors = {", "choice majors is unknown"),
        ("house", "minors = {", "# {", "choice minors is missing"),
        ("us_ipledge_2023", '["guardian"]', '["gardian"]', "minors does not know 'gardian'"),
        ("us_ipledge_2023", '["guardian"]', '["guardian", "nothing"]', "minors must be one code"),
        ("us_ipledge_2023", '["guardian"]', "[]", "minors must be one code"),
        ("us_ipledge_2023", '"lidose"', '"lydose"', "products does not know 'lydose'"),
        ("us_ipledge_2026", 'P-US-11"], source', 'P-US-11"], sauce', "must have exactly"),
        ("house", 'confidence = "L"', 'confidence = ["L"]', "has no confidence"),
        ("jp_house_2026", 'programme = "jp"', 'programme = ["jp"]', "unknown programme"),
        ("jp_house_2026", "sign_off.en", "sign_off.fr", "sign_off must say in ja and en"),
        ("jp_house_2026", "sign_off.ja", "sign_on.ja", "unknown key 'sign_on'"),
        (
            "us_ipledge_2026",
            "waits_for_activation = true",
            "waits_for_activation = false",
            "us_ipledge_2023 and us_ipledge_2026 are in force on the same day",
        ),
        (
            "us_ipledge_2026",
            "waits_for_activation = true",
            'waits_for_activation = "yes"',
            "waits_for_activation must be true or false",
        ),
    ],
)
def test_a_broken_pack_does_not_load_and_says_why(folder, name, old, new, reason):
    change(folder, name, old, new)

    assert any(reason in found for found in reasons(folder))


def test_what_a_pack_lacks_and_what_it_has_too_much_is_named_with_its_table(folder):
    change(folder, "jp_house_2026", "[levels]", "highest = {}\n[levels]")
    change(folder, "house", "highest_dose = {value = 2", "# {value = 2")

    found = reasons(folder)

    for pack in PACKS:
        assert f"{pack}: number highest_dose is missing" in found
    assert "jp_house_2026: number highest is unknown" in found


def test_what_is_no_table_does_not_hide_what_else_is_wrong(folder):
    change(folder, "house", "adult_age = {value = 18", "adult_age = 18 # {value = 18")
    change(
        folder,
        "house",
        'start_dose = {value = 0.5, unit = "mg/kg/day"',
        "start_dose = {value = 0.5",
    )
    change(folder, "uk_mhra_2023", 'minors = {value = ["second_prescriber"]', "minors = 3 # {")

    found = reasons(folder)

    assert "house: numbers.adult_age must have exactly confidence, source, unit, value" in found
    assert "uk_mhra_2023: number start_dose must be in mg/kg/day" in found
    assert "uk_mhra_2023: choice minors must be a list of str" in found


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_has_one_of_the_codes_that_the_rules_know(folder, switch):
    entry = f"{switch} = {{value = ["
    for path in folder.glob("*.toml"):
        if entry in path.read_text(encoding="utf-8"):
            change(folder, path.stem, entry, entry + UNHEARD_OF)

    found = reasons(folder)

    assert {one.partition(": ")[2] for one in found} == {
        f"choice {switch} does not know 'unheard_of'"
    }


def test_a_table_of_a_pack_is_a_table(folder):
    change(folder, "jp_house_2026", "[levels]", "[[levels]]")

    assert reasons(folder) == ("jp_house_2026.toml: levels must be a table",)


def test_packs_that_stand_on_each_other_in_a_circle_do_not_load(folder):
    change(folder, "house", 'id = "house"', 'id = "house"\nbase = "ppp"')

    (reason,) = reasons(folder)

    assert "does not exist or stands on itself" in reason


def test_a_reason_names_the_file_whatever_id_it_has(folder):
    change(folder, "eu_ppp_2018", 'id = "eu_ppp_2018"', "")
    change(folder, "eu_ppp_2018", 'programme = "eu"', 'programme = "fr"')

    found = reasons(folder)

    assert found == (
        "eu_ppp_2018: id must be the file's name",
        "eu_ppp_2018: unknown programme 'fr'",
    )


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("house", "start_dose = {value = 0.5", "start_dose = {value = 0"),
        ("uk_mhra_2023", "in_force_until = 2026-01-21", "in_force_until = 2023-10-31"),
    ],
)
def test_a_number_may_be_zero_and_a_pack_in_force_for_one_day(folder, name, old, new):
    change(folder, name, old, new)

    assert set(packs_in(folder)) == set(PACKS)


def test_every_reason_is_in_the_message(folder):
    change(folder, "eu_ppp_2018", "in_force_from = 2018-06-21", "")
    change(folder, "jp_house_2026", "in_force_from = 2026-01-01", "in_force_until = 2026")

    with pytest.raises(BadPack) as caught:
        packs_in(folder)

    assert str(caught.value) == (
        "eu_ppp_2018: in_force_from must be a day; jp_house_2026: in_force_from must be a day; "
        "jp_house_2026: in_force_until must be a day"
    )


def test_a_pack_says_itself_who_signs_it_off(folder):
    path = folder / "us_ipledge_2026.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    silent = [line for line in lines if not line.startswith("sign_off")]
    path.write_text("\n".join(silent), encoding="utf-8")

    (reason,) = reasons(folder)

    assert reason == "us_ipledge_2026: sign_off must say in ja and en who signs it off before use"


def test_an_empty_word_on_who_signs_off_is_none(folder):
    change(folder, "eu_ppp_2018", 'sign_off.ja = "', 'sign_off.ja = " " # "')

    assert reasons(folder) == ("eu_ppp_2018: sign_off.ja is empty",)
