"""S- and C- rules: is this a person and a disease for the drug? Edges on both sides."""

import pytest

from tests.protocol.situations import (
    EU,
    JP,
    MAN,
    UK,
    UK_2023,
    US,
    WOMAN,
    ago,
    ended,
    lab,
    levels,
    missing,
    running,
)


def test_s_01_another_source_holds_until_it_is_stopped():
    taken = {"patient.medicines": [{"code": "isotretinoin_other_source"}]}
    stopped = {"patient.medicines": [{"code": "isotretinoin_other_source", "stopped_on": ago(0)}]}

    assert levels("S-01", MAN, "intake", taken) == ["hold"]
    assert levels("S-01", MAN, "intake", stopped) == []


@pytest.mark.parametrize(
    ("severity", "failed", "says"),
    [
        ("severe", [], []),
        ("moderate", [], ["hold"]),
        ("moderate", ["relapsed"], []),
        ("mild", ["systemic_antibiotic"], ["hold"]),
        ("mild", ["topical", "hormonal"], ["hold"]),
        ("mild", ["systemic_antibiotic", "topical"], []),
    ],
)
def test_s_03_milder_acne_must_have_resisted_treatment(severity, failed, says):
    changes = {"course.severity": severity, "course.prior_treatment_failed": failed}

    assert levels("S-03", MAN, "intake", changes) == says
    assert levels("S-03", MAN, "intake", changes, pack=US) == says
    assert levels("S-03", MAN, "intake", changes, pack=UK) == []


@pytest.mark.parametrize(
    ("days", "grade", "says"),
    [(10, 1, ["counsel"]), (28, 2, ["counsel"]), (29, 2, []), (10, 0, [])],
)
def test_s_07_a_flare_in_the_first_28_days_is_expected(days, grade, says):
    patient = running(MAN, days)

    assert levels("S-07", patient, "checkin", {"checkin.items.flare": grade}) == says


def test_s_07_after_the_course_a_flare_is_not_asked():
    assert levels("S-07", ended(MAN), "checkin", {"checkin.items.flare": 2}) == []


def test_s_12_the_treatment_consent_is_needed():
    unsigned = {"visit.consents": ["online_care", "personal_data"]}

    assert levels("S-12", MAN, "prescribe", unsigned) == ["hold"]
    assert levels("S-12", MAN, "prescribe") == []


def test_s_15_rosacea_only_after_an_antibiotic_failed():
    rosacea = {"course.indication": "rosacea"}
    untreated = rosacea | {"course.prior_treatment_failed": ["topical"]}

    assert levels("S-15", MAN, "intake", untreated) == ["hold"]
    assert levels("S-15", MAN, "intake", rosacea) == []


def test_s_16_a_cosmetic_request_goes_to_a_senior():
    assert levels("S-16", MAN, "intake", {"course.indication": "cosmetic"}) == ["senior"]
    assert levels("S-16", MAN, "intake") == []


def test_c_01_pregnant_by_her_word_or_by_the_newest_test_blocks():
    unclear = [{"taken_on": ago(1), "result": "indeterminate", "setting": "home"}]

    assert levels("C-01", WOMAN, "intake", {"patient.pregnant": True}) == ["block"]
    assert levels("C-01", WOMAN, "prescribe", {"pregnancy_tests": unclear}) == ["block"]
    assert levels("C-01", WOMAN, "intake", unset=["pregnancy_tests"]) == []
    assert levels("C-01", MAN, "prescribe", {"patient.pregnant": True}) == []


def test_c_01_of_two_tests_on_one_day_the_worse_counts():
    negative = {"taken_on": ago(0), "result": "negative", "setting": "laboratory"}
    both = [negative | {"result": "positive", "setting": "home"}, negative]

    assert levels("C-01", WOMAN, "dispense", {"pregnancy_tests": both}) == ["block"]
    assert levels("C-01", WOMAN, "dispense", {"pregnancy_tests": [negative]}) == []


def test_c_02_declining_the_programme_blocks_those_who_can():
    declines = {"contraception.declined": True}

    assert levels("C-02", WOMAN, "intake", declines) == ["block"]
    assert levels("C-02", MAN, "intake", declines) == []


def test_c_03_breastfeeding_blocks_before_and_stops_during_the_course():
    feeds = {"patient.breastfeeding": True}

    assert levels("C-03", WOMAN, "prescribe", feeds) == ["block"]
    assert levels("C-03", running(WOMAN), "checkin", feeds) == ["stop"]
    assert levels("C-03", MAN, "intake", feeds) == []


@pytest.mark.parametrize(
    ("pack", "days", "says"),
    [(JP, 30, ["hold"]), (JP, 31, []), (US, 7, ["hold"]), (US, 8, [])],
)
def test_c_03_after_the_course_it_holds_until_the_release_day(pack, days, says):
    patient = ended(WOMAN, days)  # 15 May to 15 June is 31 days

    assert levels("C-03", patient, "checkin", {"patient.breastfeeding": True}, pack=pack) == says


def test_c_04_blocks_until_the_day_before_the_twelfth_birthday():
    assert levels("C-04", MAN, "intake", {"patient.birth_on": "2014-06-16"}) == ["block"]
    assert levels("C-04", MAN, "intake", {"patient.birth_on": "2014-06-15"}) == []


@pytest.mark.parametrize(
    ("pack", "consent", "says"),
    [
        (JP, True, ["senior"]),
        (JP, False, ["hold"]),
        (US, True, []),
        (US, False, ["hold"]),
        (UK, False, []),
        (EU, False, []),
        (UK_2023, False, ["senior"]),
    ],
)
def test_c_05_from_12_to_17_each_programme_asks_its_own(pack, consent, says):
    changes = {"patient.birth_on": "2008-06-16", "patient.guardian_consent": consent}

    assert levels("C-05", MAN, "intake", changes, pack=pack) == says


def test_c_05_is_asked_from_the_twelfth_birthday():
    signed = {"patient.birth_on": "2014-06-15", "patient.guardian_consent": True}

    assert levels("C-05", MAN, "intake", signed) == ["senior"]


def test_c_05_is_silent_under_12_and_from_18():
    unsigned = {"patient.guardian_consent": False}

    assert levels("C-05", MAN, "intake", unsigned | {"patient.birth_on": "2014-06-16"}) == []
    assert levels("C-05", MAN, "intake", unsigned | {"patient.birth_on": "2008-06-15"}) == []


@pytest.mark.parametrize("allergy", ["isotretinoin", "retinoid", "capsule_excipient"])
def test_c_06_hypersensitivity_blocks(allergy):
    assert levels("C-06", MAN, "intake", {"patient.allergies": [allergy]}) == ["block"]
    assert levels("C-06", MAN, "intake", {"patient.allergies": ["soya", "other"]}) == []


def test_c_07_soya_warns_at_intake_and_blocks_a_product_with_soya_oil():
    soya = {"patient.allergies": ["peanut"]}
    free = soya | {"prescription.soya_oil": False}

    assert levels("C-07", MAN, "intake", soya) == ["warn"]
    assert levels("C-07", MAN, "prescribe", soya) == ["block"]
    assert levels("C-07", MAN, "dispense", soya, pack=US) == ["senior"]
    assert levels("C-07", MAN, "prescribe", free) == []


@pytest.mark.parametrize(
    ("rule", "condition", "jp", "us", "uk"),
    [
        ("C-08", "hepatic_insufficiency", "block", "senior", "block"),
        ("C-10", "hypervitaminosis_a", "hold", "hold", "block"),
        ("C-18", "psychosis", "senior", "senior", "senior"),
        ("C-20", "ibd", "senior", "senior", "senior"),
        ("C-20", "pancreatitis", "senior", "senior", "senior"),
        ("C-21", "obesity", "warn", "warn", "warn"),
        ("C-27", "intracranial_hypertension", "senior", "senior", "senior"),
    ],
)
def test_c_08_c_10_c_18_c_20_c_21_c_27_conditions(rule, condition, jp, us, uk):
    has = {"patient.conditions": [condition]}

    assert levels(rule, MAN, "intake", has) == [jp]
    assert levels(rule, MAN, "intake", has, pack=US) == [us]
    assert levels(rule, MAN, "intake", has, pack=UK) == [uk]
    assert levels(rule, MAN, "intake", {"patient.conditions": ["renal_severe"]}) == []


@pytest.mark.parametrize(("value", "says"), [(499, []), (500, ["block"])])
def test_c_09_high_triglycerides_before_the_start_block(value, says):
    labs = {"labs": [lab("alt", 20), lab("triglycerides", value)]}

    assert levels("C-09", MAN, "prescribe", labs) == says
    assert levels("C-09", MAN, "intake", labs) == says
    assert levels("C-09", running(MAN), "prescribe", labs) == []
    assert levels("C-09", MAN, "prescribe", labs, pack=US) == ["senior"] * len(says)


def test_c_18_reads_the_family_and_the_newest_phq9_if_known():
    phq = [{"on": ago(9), "phq9": 27}, {"on": ago(1), "phq9": 9, "item9": 0}]

    assert levels("C-18", MAN, "intake", {"patient.family_history": ["depression"]}) == ["senior"]
    assert levels("C-18", MAN, "intake", {"patient.family_history": ["ibd"]}) == []
    assert levels("C-18", MAN, "intake", {"phq": phq}) == []
    assert levels("C-18", MAN, "intake", {"phq": [phq[1] | {"phq9": 10}]}) == ["senior"]


def test_c_26_activities_that_need_sight_warn():
    assert levels("C-26", MAN, "intake", {"patient.activities": ["night_driving"]}) == ["warn"]
    assert levels("C-26", MAN, "intake") == []


def test_c_28_unfinished_growth_is_asked_under_18_only():
    growing = {"patient.growth_finished": False}

    assert levels("C-28", MAN, "intake", growing | {"patient.birth_on": "2008-06-16"}) == ["senior"]
    assert levels("C-28", MAN, "intake", growing | {"patient.birth_on": "2008-06-15"}) == []
    assert missing("C-28", MAN, "intake", {"patient.birth_on": "2008-06-16"}) == {
        "patient.growth_finished"
    }


@pytest.mark.parametrize(
    ("item9", "days", "says"), [(0, 30, []), (0, 31, ["hold"]), (1, 30, ["urgent"])]
)
def test_c_19_suicidal_thought_is_urgent_and_the_phq_at_most_30_days(item9, days, says):
    phq = [{"on": ago(days), "phq2": 0, "phq9": 3, "item9": item9}]

    assert levels("C-19", MAN, "intake", {"phq": phq}) == says


def test_c_19_an_old_item_9_is_urgent_all_the_same():
    phq = [{"on": ago(400), "phq9": 3, "item9": 1}]

    assert levels("C-19", MAN, "prescribe", {"phq": phq}) == ["hold", "urgent"]
    assert levels("C-19", ended(MAN), "prescribe", {"phq": phq}) == ["urgent"]


def test_c_19_of_two_entries_on_one_day_the_worse_counts():
    full = {"on": ago(0), "phq2": 6, "phq9": 20, "item9": 0}
    short = {"on": ago(0), "item9": 1}

    for phq in ([full, short], [short, full]):
        assert levels("C-19", MAN, "intake", {"phq": phq})[-1] == "urgent"


@pytest.mark.parametrize(
    ("entry", "lacks"),
    [
        ({"phq2": 2}, set()),
        ({"phq2": 3}, {"phq.phq9"}),
        ({"phq9": 4}, {"phq.item9"}),
        ({}, {"phq.phq2", "phq.phq9"}),
    ],
)
def test_c_19_and_k_08_while_running_a_short_entry_will_do(entry, lacks):
    changes = {"phq": [{"on": ago(0)} | entry]}

    assert missing("C-19", running(MAN), "prescribe", changes) == lacks
    assert missing("K-08", running(MAN), "checkin", changes) == lacks
    assert "phq.phq9" in missing("C-19", MAN, "prescribe", {"phq": [{"on": ago(0), "phq2": 0}]})
