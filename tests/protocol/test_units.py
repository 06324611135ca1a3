"""A result says the same in either of its units: mg/dL and mmol/L, umol/L for bilirubin."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from hypothesis import assume, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Level
from backend.protocol.pack import load
from tests.protocol.situations import MAN, NOW, PACKS, ago, given, running

PER_MMOL = {"triglycerides": Decimal("88.5"), "total_cholesterol": Decimal("38.67")}
PER_MG_OF_BILIRUBIN = Decimal("17.1")
THRESHOLDS = (150, 300, 500, 800, 1000)
LIPIDS = st.sampled_from(sorted(PER_MMOL))
ASKED = st.sampled_from(((MAN, "intake"), (MAN, "prescribe"), (running(MAN), "checkin")))
mmol = st.decimals(Decimal("0.1"), 15, places=2)
mg_per_dl = st.integers(50, 1300) | st.sampled_from(
    [edge + by for edge in THRESHOLDS for by in (-1, 0, 1)]
)


def reported_as_stop(analyte, value):
    """L-13 reads 9.0 mmol/L as it is reported, though it converts to less than 800 mg/dL."""
    return analyte == "triglycerides" and value >= 9 and value * PER_MMOL[analyte] < 800


def said(asked, analyte, value, unit, **more):
    """Each rule and how severe, in every pack, of a man with this newest result."""
    who, purpose = asked
    result = {"analyte": analyte, "value": str(value), "unit": unit, "taken_on": ago(0), **more}
    case = case_from_facts(given(who, {"labs": [*who["labs"], result]}), NOW)
    found = [assess(case, load(pack), purpose).findings for pack in PACKS]
    return [sorted((f.rule, f.level) for f in of_pack) for of_pack in found]


def severity(answers):
    """How severe the worst finding of each pack is."""
    return [max(Level(level).rank for _, level in [*found, ("", "counsel")]) for found in answers]


@settings(max_examples=200, deadline=None)
@for_all(ASKED, LIPIDS, mmol)
def test_mmol_per_l_says_what_the_same_in_mg_per_dl_says(asked, analyte, value):
    assume(not reported_as_stop(analyte, value))

    assert said(asked, analyte, value, "mmol/L") == said(
        asked, analyte, value * PER_MMOL[analyte], "mg/dL"
    )


@settings(max_examples=200, deadline=None)
@for_all(ASKED, LIPIDS, mg_per_dl)
def test_mg_per_dl_lies_between_its_roundings_to_mmol_per_l(asked, analyte, value):
    exact = Decimal(value) / PER_MMOL[analyte]
    below, above = (
        exact.quantize(Decimal("0.000001"), rounding=way) for way in (ROUND_FLOOR, ROUND_CEILING)
    )
    assume(not reported_as_stop(analyte, above))

    low, middle, high = (
        severity(said(asked, analyte, amount, unit))
        for amount, unit in ((below, "mmol/L"), (value, "mg/dL"), (above, "mmol/L"))
    )

    assert all(a <= b <= c for a, b, c in zip(low, middle, high, strict=True))


@settings(max_examples=100, deadline=None)
@for_all(st.decimals(Decimal("0.1"), 6, places=1), st.sampled_from(("0.9", "1.0", "1.2")))
def test_bilirubin_says_the_same_in_umol_per_l(value, limit):
    raised = given(running(MAN), {"checkin.symptoms": ["dark_urine"]})
    raised["labs"] = [{"analyte": "alt", "value": 41, "unit": "U/L", "uln": 40, "taken_on": ago(0)}]
    in_umol = {
        "value": value * PER_MG_OF_BILIRUBIN,
        "uln": str(Decimal(limit) * PER_MG_OF_BILIRUBIN),
    }

    as_mg = said((raised, "checkin"), "bilirubin", value, "mg/dL", uln=limit)
    as_umol = said((raised, "checkin"), "bilirubin", unit="umol/L", **in_umol)

    assert as_mg == as_umol
    assert (("L-18", "urgent") in as_mg[0]) == (value > 2 * Decimal(limit))
