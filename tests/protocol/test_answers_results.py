"""L- rules: each answer with the results that decided."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import EU, JP, MAN, UK, US, lab, running


def results(*labs):
    return {"labs": list(labs)}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            (
                "L-01",
                JP,
                MAN,
                "prescribe",
                results(lab("alt", 20, 32), lab("triglycerides", 90, 40)),
            ),
            "hold first_on=2026-05-15, lacking=alt, triglycerides",
        ),
        (
            ("L-01", JP, MAN, "prescribe", results(lab("triglycerides", 90))),
            "hold first_on=2026-05-15, lacking=alt",
        ),
        (
            (
                "L-01",
                US,
                running(MAN, 56),
                "prescribe",
                results(lab("alt", 20, 15), lab("triglycerides", 90)),
            ),
            "hold first_on=2026-06-01, lacking=alt",
        ),
        (
            ("L-02", UK, MAN, "prescribe", results(lab("ast", 20), lab("triglycerides", 90))),
            "hold first_on=2026-05-15, lacking=fasting_triglycerides",
        ),
        (
            (
                "L-02",
                EU,
                running(MAN, 150),
                "prescribe",
                results(lab("alt", 20, 93), lab("triglycerides", 90, 93, fasting=True)),
            ),
            "hold first_on=2026-02-06, lacking=alt_or_ast, fasting_triglycerides",
        ),
        (
            ("L-02", UK, MAN, "prescribe", results(lab("triglycerides", 90, fasting=True))),
            "hold first_on=2026-05-15, lacking=alt_or_ast",
        ),
        (
            (
                "L-05",
                JP,
                running(MAN),
                "prescribe",
                results(lab("alt", 20, 32), lab("triglycerides", 90))
                | {"patient.conditions": ["obesity", "liver_disease", "ibd"]},
            ),
            "hold first_on=2026-05-15, lacking=alt, risks=liver_disease, obesity",
        ),
        (
            ("L-10", JP, running(MAN), "checkin", results(lab("triglycerides", 150))),
            "counsel mg_per_dl=150",
        ),
        (
            (
                "L-11",
                JP,
                running(MAN),
                "checkin",
                results(lab("triglycerides", "3.5", unit="mmol/L")),
            ),
            "warn mg_per_dl=309.75",
        ),
        (
            (
                "L-11",
                JP,
                running(MAN),
                "prescribe",
                results(lab("triglycerides", 300)) | {"prescription.daily_mg": 40},
            ),
            "hold mg_per_dl=300",
        ),
        (
            (
                "L-11",
                JP,
                running(MAN),
                "prescribe",
                results(lab("triglycerides", 300)) | {"course.last_daily_mg": 0},
            ),
            "hold mg_per_dl=300",
        ),
        (
            ("L-12", JP, running(MAN), "checkin", results(lab("triglycerides", 500))),
            "hold mg_per_dl=500",
        ),
        (
            (
                "L-12",
                JP,
                running(MAN),
                "prescribe",
                results(lab("triglycerides", 500)) | {"prescription.daily_mg": 15},
            ),
            "senior mg_per_dl=500",
        ),
        (
            ("L-13", JP, running(MAN), "checkin", results(lab("triglycerides", 800))),
            "stop mg_per_dl=800",
        ),
        (
            (
                "L-13",
                JP,
                running(MAN),
                "checkin",
                results(lab("triglycerides", 800)) | {"checkin.symptoms": ["abdominal_pain"]},
            ),
            "urgent mg_per_dl=800",
        ),
        (
            ("L-14", JP, running(MAN), "checkin", results(lab("triglycerides", 1000))),
            "urgent mg_per_dl=1000",
        ),
        (
            ("L-16", JP, running(MAN), "checkin", results(lab("ast", 90))),
            "hold analyte=AST, times=2.25",
        ),
        (
            (
                "L-16",
                JP,
                running(MAN),
                "prescribe",
                results(lab("alt", 90)) | {"prescription.daily_mg": 20},
            ),
            "warn analyte=ALT, times=2.25",
        ),
        (
            ("L-17", JP, running(MAN), "checkin", results(lab("ast", 130))),
            "hold analyte=AST, times=3.25",
        ),
        (
            ("L-17", JP, running(MAN), "checkin", results(lab("alt", 130, 20), lab("alt", 140))),
            "stop analyte=ALT, before_on=2026-05-26, before_times=3.25, times=3.5",
        ),
        (
            (
                "L-17",
                JP,
                running(MAN),
                "checkin",
                results(lab("alt", 130, 20), lab("alt", 140)) | {"checkin.symptoms": ["jaundice"]},
            ),
            "urgent analyte=ALT, before_on=2026-05-26, before_times=3.25, times=3.5",
        ),
        (
            (
                "L-18",
                JP,
                running(MAN),
                "checkin",
                results(lab("alt", 60), lab("ast", 80))
                | {"checkin.symptoms": ["jaundice", "fever", "dark_urine"]},
            ),
            "urgent signs=dark_urine, jaundice, times=2",
        ),
        (
            (
                "L-18",
                JP,
                running(MAN),
                "checkin",
                results(lab("alt", 60), lab("bilirubin", "2.1", uln=1)),
            ),
            "stop times=1.5",
        ),
        (
            (
                "L-19",
                JP,
                running(MAN),
                "checkin",
                results(lab("total_cholesterol", 8, unit="mmol/L")),
            ),
            "warn mg_per_dl=309.36",
        ),
        (("L-20", JP, running(MAN), "checkin", results(lab("ck", 202))), "hold times=5.05"),
        (("L-20", JP, running(MAN), "checkin", results(lab("ck", 402))), "urgent times=10.05"),
        (
            ("L-21", JP, running(MAN), "checkin", results(lab("anc", "0.9"), lab("anc", "0.8"))),
            "stop value=0.8",
        ),
    ],
)
def test_a_result_is_answered_with_its_value_in_one_unit(question, says):
    assert answers(*question) == says
