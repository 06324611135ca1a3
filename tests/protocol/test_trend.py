"""Where a result comes from: each finding on one shows the newest day but one beside it."""

import pytest

from tests.protocol.situations import JP, MAN, asked, lab, running


def trend(rule, *labs, who=None, purpose="checkin"):
    """What the evidence of the one finding says of the result before."""
    (finding,) = asked(who or running(MAN), purpose, {"labs": list(labs)}, pack=JP).of(rule)
    return {name: value for name, value in finding.evidence if name.startswith("before_")}


@pytest.mark.parametrize(
    ("rule", "newest", "before", "says"),
    [
        ("L-10", lab("triglycerides", 160), lab("triglycerides", 90, 30), "90"),
        ("L-11", lab("triglycerides", 350), lab("triglycerides", 1, 30, "mmol/L"), "88.5"),
        ("L-12", lab("triglycerides", 550), lab("triglycerides", 350, 30), "350"),
        ("L-13", lab("triglycerides", 850), lab("triglycerides", 900, 30), "900"),
        ("L-14", lab("triglycerides", 1100), lab("triglycerides", 90, 30), "90"),
        (
            "L-19",
            lab("total_cholesterol", 310),
            lab("total_cholesterol", 10, 30, "mmol/L"),
            "386.7",
        ),
    ],
)
def test_a_lipid_is_shown_with_the_one_before_in_the_same_unit(rule, newest, before, says):
    assert trend(rule, newest, before) == {"before_mg_per_dl": says, "before_on": "2026-05-16"}


@pytest.mark.parametrize(
    ("rule", "newest", "before", "says"),
    [
        ("L-16", lab("alt", 90), lab("alt", 60, 30, uln=30), "2"),
        ("L-17", lab("ast", 130), lab("ast", 20, 30), "0.5"),
        ("L-20", lab("ck", 210), lab("ck", 60, 30), "1.5"),
    ],
)
def test_an_enzyme_is_shown_with_the_one_before_as_a_multiple_of_its_own_limit(
    rule, newest, before, says
):
    assert trend(rule, newest, before) == {"before_times": says, "before_on": "2026-05-16"}


@pytest.mark.parametrize("others", [(), (lab("anc", "2.1", 30),)])
def test_l_21_neutrophils_are_shown_with_the_lower_of_the_day_before(others):
    found = trend("L-21", lab("anc", "0.9"), *others, lab("anc", "1.8", 30))

    assert found == {"before_value": "1.8", "before_on": "2026-05-16"}


def test_c_09_before_the_start_too():
    labs = (lab("triglycerides", 510), lab("triglycerides", 600, 30))

    found = trend("C-09", *labs, who=MAN, purpose="intake")

    assert found == {"before_mg_per_dl": "600", "before_on": "2026-05-16"}


def test_of_two_results_on_the_day_before_the_higher_is_shown_and_older_days_are_not():
    newest, older = lab("triglycerides", 350), lab("triglycerides", 700, 60)
    both = [lab("triglycerides", 200, 30), lab("triglycerides", 250, 30)]

    for day in (both, both[::-1]):
        assert trend("L-11", older, newest, *day)["before_mg_per_dl"] == "250"


def test_without_an_earlier_result_nothing_is_shown():
    same_day = [lab("alt", 90), lab("alt", 85)]
    unlimited = {"analyte": "alt", "value": 85, "unit": "U/L", "taken_on": "2026-05-16"}

    assert trend("L-16", *same_day) == {}
    assert trend("L-16", *same_day, lab("ast", 20, 30)) == {}
    assert trend("L-16", lab("alt", 90), unlimited) == {}
    assert trend("L-21", lab("anc", "0.9")) == {}
    assert trend("L-11", lab("triglycerides", 350)) == {}
