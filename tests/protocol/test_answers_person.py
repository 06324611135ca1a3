"""C- and S- rules: each answer with the facts of the person that decided."""

import pytest

from tests.protocol.answers import answers
from tests.protocol.situations import JP, MAN, UK, UK_2023, WOMAN, ago, ended, lab, running

SEVENTEEN = {"patient.birth_on": "2008-06-16"}


def has(*conditions):
    return {"patient.conditions": list(conditions)}


def takes(*codes):
    return {"patient.medicines": [{"code": code} for code in codes]}


def methods(*listed):
    return {"contraception.methods": [{"code": code, "since": ago(days)} for code, days in listed]}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (
            ("C-01", JP, WOMAN, "prescribe", {"patient.pregnant": True}),
            "block says patient.pregnant=true",
        ),
        (
            ("C-03", JP, ended(WOMAN, 3), "checkin", {"patient.breastfeeding": True}),
            "hold ended_on=2026-06-12, release_on=2026-07-12",
        ),
        (
            ("C-04", JP, MAN, "intake", {"patient.birth_on": "2014-06-16"}),
            "block minimum=12, years=11",
        ),
        (("C-05", UK_2023, MAN, "intake", SEVENTEEN), "senior second_prescriber years=17"),
        (
            ("C-05", JP, MAN, "intake", SEVENTEEN | {"patient.guardian_consent": False}),
            "hold patient.guardian_consent=false, years=17",
        ),
        (
            ("C-05", JP, MAN, "intake", SEVENTEEN | {"patient.guardian_consent": True}),
            "senior patient.guardian_consent=true, years=17",
        ),
        (
            (
                "C-06",
                JP,
                MAN,
                "prescribe",
                {"patient.allergies": ["soya", "retinoid", "isotretinoin"]},
            ),
            "block allergies=isotretinoin, retinoid",
        ),
        (
            ("C-07", JP, MAN, "intake", {"patient.allergies": ["soya", "peanut", "retinoid"]}),
            "warn allergies=peanut, soya",
        ),
        (
            ("C-07", JP, MAN, "dispense", {"patient.allergies": ["soya"]}),
            "block product allergies=soya, prescription.soya_oil=true",
        ),
        (
            ("C-08", JP, MAN, "intake", has("hepatic_insufficiency", "ibd")),
            "block conditions=hepatic_insufficiency",
        ),
        (
            ("C-09", JP, MAN, "prescribe", {"labs": [lab("triglycerides", "5.65", unit="mmol/L")]}),
            "block raised mg_per_dl=500.025",
        ),
        (
            ("C-10", UK, MAN, "intake", has("hypervitaminosis_a")),
            "block hypervitaminosis conditions=hypervitaminosis_a",
        ),
        (
            ("C-10", JP, MAN, "intake", has("hypervitaminosis_a") | takes("vitamin_a")),
            "hold medicines=vitamin_a | hold hypervitaminosis conditions=hypervitaminosis_a",
        ),
        (
            ("C-11", JP, MAN, "intake", takes("doxycycline", "minocycline", "other")),
            "block taken medicines=doxycycline, minocycline",
        ),
        (
            (
                "C-11",
                JP,
                MAN,
                "intake",
                {"patient.medicines": [{"code": "doxycycline", "stopped_on": ago(6)}]},
            ),
            "hold washout days=7, medicines=doxycycline",
        ),
        (
            ("C-12", JP, MAN, "intake", takes("acitretin", "bexarotene", "warfarin")),
            "block medicines=acitretin, bexarotene",
        ),
        (
            ("C-14", JP, MAN, "intake", takes("phenytoin", "systemic_steroid", "warfarin")),
            "warn medicines=phenytoin, systemic_steroid",
        ),
        (
            ("C-15", JP, MAN, "intake", takes("rifampicin", "st_johns_wort", "warfarin")),
            "warn medicines=rifampicin, st_johns_wort",
        ),
        (
            (
                "C-15",
                JP,
                WOMAN,
                "prescribe",
                takes("rifampicin") | {"contraception.methods": [{"code": "implant"}]},
            ),
            "hold medicines=rifampicin",
        ),
        (("C-16", JP, MAN, "intake", takes("warfarin", "other")), "warn medicines=warfarin"),
        (
            (
                "C-17",
                JP,
                MAN,
                "intake",
                takes("topical_retinoid", "topical_keratolytic") | has("alcohol_excess", "obesity"),
            ),
            "counsel topical medicines=topical_keratolytic, topical_retinoid "
            "| counsel alcohol conditions=alcohol_excess",
        ),
        (
            (
                "C-18",
                JP,
                MAN,
                "intake",
                has("depression", "ibd") | {"patient.family_history": ["psychosis", "diabetes"]},
            ),
            "senior conditions=depression, family=psychosis",
        ),
        (
            ("C-18", JP, MAN, "intake", {"phq": [{"on": ago(2), "phq9": 10, "item9": 0}]}),
            "senior phq9 on=2026-06-13, score=10",
        ),
        (("C-19", JP, MAN, "intake", {"phq": []}), "hold none at_most_days=30"),
        (
            ("C-19", JP, MAN, "intake", {"phq": [{"on": ago(31), "phq9": 3, "item9": 2}]}),
            "hold old at_most_days=30, on=2026-05-15 | urgent on=2026-05-15, score=2",
        ),
        (
            ("C-20", JP, MAN, "intake", has("pancreatitis", "ibd", "obesity")),
            "senior conditions=ibd, pancreatitis",
        ),
        (
            ("C-21", JP, MAN, "intake", has("obesity", "diabetes", "ibd")),
            "warn conditions=diabetes, obesity",
        ),
        (
            ("C-22", JP, MAN, "intake", {"patient.procedures": [{"kind": "lasik", "on": ago(30)}]}),
            "block near from_on=2026-11-16, months=6, on=2026-05-16",
        ),
        (
            (
                "C-22",
                JP,
                MAN,
                "prescribe",
                {"patient.procedures": [{"kind": "refractive_surgery", "on": ago(-200)}]},
            ),
            "block near from_on=2027-07-01, months=6, on=2027-01-01",
        ),
        (
            (
                "C-24",
                JP,
                MAN,
                "prescribe",
                {
                    "patient.procedures": [
                        {"kind": "waxing", "on": ago(-9)},
                        {"kind": "dermabrasion", "on": ago(-8)},
                    ]
                },
            ),
            "warn near kind=dermabrasion, on=2026-06-23",
        ),
        (
            (
                "C-25",
                JP,
                running(MAN),
                "checkin",
                {"patient.procedures": [{"kind": "superficial_peel", "on": ago(9)}]},
            ),
            "senior near kind=superficial_peel, on=2026-06-06",
        ),
        (
            ("C-26", JP, MAN, "intake", {"patient.activities": ["pilot", "contact_lenses"]}),
            "warn activities=contact_lenses, pilot",
        ),
        (
            ("C-27", JP, MAN, "intake", has("intracranial_hypertension", "ibd")),
            "senior conditions=intracranial_hypertension",
        ),
        (
            ("C-28", JP, MAN, "intake", SEVENTEEN | {"patient.growth_finished": False}),
            "senior patient.birth_on=2008-06-16, patient.growth_finished=false",
        ),
        (
            ("S-01", JP, MAN, "intake", takes("isotretinoin_other_source", "other")),
            "hold medicines=isotretinoin_other_source",
        ),
        (
            (
                "S-03",
                JP,
                MAN,
                "intake",
                {
                    "course.severity": "mild",
                    "course.prior_treatment_failed": ["topical", "hormonal"],
                },
            ),
            "hold mild failed=hormonal, topical",
        ),
        (
            (
                "S-03",
                JP,
                MAN,
                "intake",
                {"course.severity": "moderate", "course.prior_treatment_failed": []},
            ),
            "hold moderate failed=none",
        ),
        (
            ("S-07", JP, running(MAN, 28), "checkin", {"checkin.items.flare": 1}),
            "counsel days=28, grade=1",
        ),
        (
            ("S-12", JP, MAN, "prescribe", {"visit.consents": ["online_care", "personal_data"]}),
            "hold visit.consents=online_care, personal_data",
        ),
        (
            (
                "S-15",
                JP,
                MAN,
                "intake",
                {"course.indication": "rosacea", "course.prior_treatment_failed": ["topical"]},
            ),
            "hold failed=topical",
        ),
        (
            ("S-16", JP, MAN, "intake", {"course.indication": "cosmetic"}),
            "senior course.indication=cosmetic",
        ),
    ],
)
def test_a_contraindication_names_what_stands_against_the_drug(question, says):
    assert answers(*question) == says
