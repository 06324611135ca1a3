"""Facts in, a frozen case out: strict, exact and reversible."""

from dataclasses import FrozenInstanceError, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from backend.kernel.canonical import canonical
from backend.kernel.text import Text
from backend.protocol import case as cases
from backend.protocol.facts import SECTIONS, BadFacts, case_from_facts, facts_of
from tests.protocol.refusals import refused
from tests.protocol.situations import NOW, WOMAN, given, running

DAY = "2026-06-01"


def test_a_case_is_frozen_and_exact():
    case = case_from_facts({"patient": {"weights": [{"kg": 52.1, "on": "2026-06-01"}]}}, NOW)

    assert case.patient.weights == (cases.Weight(Decimal("52.1"), date(2026, 6, 1)),)
    with pytest.raises(FrozenInstanceError):
        case.patient.zone = "UTC"


def test_absent_and_null_are_unknown_and_an_empty_list_is_a_known_none():
    case = case_from_facts({"patient": {"allergies": None, "medicines": []}, "plan": None}, NOW)

    assert case.patient.allergies is None
    assert case.patient.medicines == ()
    assert case.plan == cases.Plan()


def test_every_fact_is_unknown_until_it_is_given():
    day = "2026-06-01"
    rows = {
        "patient": {
            "medicines": [{"code": "other"}],
            "procedures": [{"kind": "waxing", "on": day}],
            "weights": [{"kg": 60, "on": day}],
        },
        "contraception": {"methods": [{"code": "patch"}]},
        "phq": [{"on": day}],
    }
    lab = {"analyte": "alt", "value": 1, "unit": "U/L", "taken_on": day}
    test = {"taken_on": day, "result": "negative", "setting": "home"}

    stored = facts_of(case_from_facts({**rows, "labs": [lab], "pregnancy_tests": [test]}, NOW))

    assert facts_of(case_from_facts({}, NOW)) == {}
    assert stored == {
        **rows,
        "labs": [{**lab, "fasting": False}],
        "pregnancy_tests": [{**test, "coded": False}],
    }


def test_facts_go_out_and_come_back_equal():
    facts = given(running(WOMAN), {"patient.weights": [{"kg": "58.35", "on": "2026-06-01"}]})
    case = case_from_facts(facts, NOW)

    stored = facts_of(case)

    assert case_from_facts(stored, NOW) == case
    assert stored["patient"]["weights"] == [{"kg": "58.35", "on": "2026-06-01"}]
    assert "plan" in stored
    assert canonical(stored) == canonical(facts_of(case_from_facts(stored, NOW)))


def test_native_dates_and_dates_as_text_are_the_same():
    native = case_from_facts({"patient": {"birth_on": date(2001, 2, 3)}}, NOW)

    assert native == case_from_facts({"patient": {"birth_on": "2001-02-03"}}, NOW)


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"patients": {}}, "/patients", "unknown_key"),
        ({"patient": {"shoe/size": 1}}, "/patient/shoe~1size", "unknown_key"),
        ({"patient": {"conditions": ["gout"]}}, "/patient/conditions/0", "unknown_code"),
        ({"patient": {"pregnant": "no"}}, "/patient/pregnant", "wrong_type"),
        ({"patient": {"birth_on": "2001-02-30"}}, "/patient/birth_on", "impossible_date"),
        ({"patient": {"birth_on": "2001-02-03T00:00:00Z"}}, "/patient/birth_on", "wrong_type"),
        ({"patient": {"birth_on": NOW}}, "/patient/birth_on", "wrong_type"),
        ({"patient": {"zone": ""}}, "/patient/zone", "wrong_type"),
        ({"patient": []}, "/patient", "wrong_type"),
        (
            {"patient": {"weights": [{"kg": 0, "on": "2026-06-01"}]}},
            "/patient/weights/0/kg",
            "impossible_number",
        ),
        ({"patient": {"weights": [{"kg": 50}]}}, "/patient/weights/0/on", "required"),
        ({"patient": {"allergies": "soya"}}, "/patient/allergies", "wrong_type"),
        ({"labs": {}}, "/labs", "wrong_type"),
        (
            {"labs": [{"analyte": "alt", "value": 1, "unit": "mg/dL", "taken_on": "2026-06-01"}]},
            "/labs/0/unit",
            "unknown_code",
        ),
        ({"phq": [{"on": "2026-06-01", "phq9": 28}]}, "/phq/0/phq9", "impossible_number"),
        ({"course": {"iga": 2.5}}, "/course/iga", "wrong_type"),
        ({"course": {"iga": True}}, "/course/iga", "wrong_type"),
        ({"course": {"dispensed_mg": -1}}, "/course/dispensed_mg", "impossible_number"),
        ({"prescription": {"days": float("nan")}}, "/prescription/days", "impossible_number"),
        ({"prescription": {"days": float("inf")}}, "/prescription/days", "impossible_number"),
        ({"prescription": {"days": True}}, "/prescription/days", "wrong_type"),
        ({"prescription": {"days": "1e3"}}, "/prescription/days", "wrong_type"),
        ({"prescription": {"days": 1e-30}}, "/prescription/days", "impossible_number"),
        (
            {"prescription": {"doses_per_day": 3}},
            "/prescription/doses_per_day",
            "impossible_number",
        ),
        ({"checkin": {"items": {"lips": 5}}}, "/checkin/items/lips", "impossible_number"),
        (
            {"course": {"previous": {"started_on": "2025-01-01"}}},
            "/course/previous/started_on",
            "unknown_key",
        ),
    ],
)
def test_what_is_not_a_fact_is_refused_and_pointed_at(facts, pointer, code):
    assert refused(facts) == {pointer: code}


LAB = {"analyte": "alt", "value": 1, "unit": "U/L", "taken_on": DAY}


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("patient.weights", {"kg": 60, "on": DAY}),
        ("patient.medicines", {"code": "warfarin"}),
        ("patient.procedures", {"kind": "waxing", "on": DAY}),
        ("contraception.methods", {"code": "patch"}),
        ("pregnancy_tests", {"taken_on": DAY, "result": "negative", "setting": "home"}),
        ("labs", LAB),
        ("phq", {"on": DAY}),
    ],
)
def test_what_an_item_of_a_list_cannot_do_without(path, item):
    at = "/" + path.replace(".", "/")

    case_from_facts(given({}, {path: [item]}), NOW)

    for key in item:
        less = {name: value for name, value in item.items() if name != key}
        assert refused(given({}, {path: [item, less]})) == {f"{at}/1/{key}": "required"}


def test_a_mistake_in_a_result_is_pointed_at_and_its_units_are_named():
    facts = {"labs": [LAB, LAB | {"uln": 0}, LAB | {"unit": "mmol/L", "analyte": "bilirubin"}]}

    with pytest.raises(BadFacts) as caught:
        case_from_facts(facts, NOW)

    limit, unit = caught.value.errors
    assert (limit.pointer, limit.code) == ("/labs/1/uln", "impossible_number")
    assert (unit.pointer, unit.code) == ("/labs/2/unit", "unknown_code")
    assert unit.detail == Text("使える単位: mg/dL, umol/L", "Known: mg/dL, umol/L")


def test_a_very_small_number_is_stored_in_full():
    facts = {"course": {"dispensed_mg": 1e-7}}

    assert facts_of(case_from_facts(facts, NOW)) == {"course": {"dispensed_mg": "0.0000001"}}


def test_every_complaint_is_listed_at_once():
    facts = {"patient": {"zone": 3, "pregnant": 1}, "visit": {"mode": "letter"}}

    assert refused(facts) == {
        "/patient/zone": "wrong_type",
        "/patient/pregnant": "wrong_type",
        "/visit/mode": "unknown_code",
    }


def test_a_now_without_an_offset_is_refused():
    assert refused({}, datetime(2026, 6, 15)) == {"/now": "no_offset"}  # noqa: DTZ001


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1900-01-01T00:00:00+00:00", "2999-12-31T23:59:59+00:00"),
        ("1900-01-01T09:00:00+09:00", "3000-01-01T08:59:59+09:00"),
    ],
)
def test_now_lies_between_1900_and_2999_in_utc(first, last):
    first, last = datetime.fromisoformat(first), datetime.fromisoformat(last)
    second = timedelta(seconds=1)

    assert case_from_facts({}, first).now == first
    assert case_from_facts({}, last).now == last
    for now in (first - second, last + second):
        assert refused({}, now) == {"/now": "impossible_date"}


@pytest.mark.parametrize("section", SECTIONS)
def test_the_reader_knows_exactly_the_fields_of_the_case(section):
    built = getattr(case_from_facts({}, NOW), section)

    assert {field.name for field in fields(built)} == set(SECTIONS[section])
