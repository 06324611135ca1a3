"""The codes in which a case is written. An unknown code is refused, never ignored."""


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


PURPOSES = ("intake", "prescribe", "dispense", "checkin", "second_course")
PROGRAMMES = ("jp", "us", "uk", "eu")

# Medicines, by the rule that reads them (docs/domain.md).
TETRACYCLINES = _codes(
    "doxycycline minocycline lymecycline tetracycline oxytetracycline sarecycline"
)
OTHER_RETINOIDS = _codes("acitretin alitretinoin bexarotene")
BONE_MEDICINES = _codes("systemic_steroid phenytoin")
ENZYME_INDUCERS = _codes(
    "carbamazepine oxcarbazepine phenobarbital phenytoin primidone rifampicin rifabutin"
    " st_johns_wort"
)
SKIN_IRRITANTS = _codes("topical_keratolytic topical_retinoid")
MEDICINES = (
    TETRACYCLINES
    | OTHER_RETINOIDS
    | BONE_MEDICINES
    | ENZYME_INDUCERS
    | SKIN_IRRITANTS
    | _codes("vitamin_a methotrexate warfarin isotretinoin_other_source other")
)

MOOD_HISTORY = _codes("depression psychosis suicidality")
FULMINANS_RISKS = _codes("truncal_nodules ulcerating_acne sinus_tracts")
METABOLIC_RISKS = _codes("diabetes obesity alcohol_excess lipid_disorder")
CONDITIONS = (
    MOOD_HISTORY
    | FULMINANS_RISKS
    | METABOLIC_RISKS
    | _codes(
        "ibd pancreatitis intracranial_hypertension hepatic_insufficiency liver_disease"
        " renal_severe hypervitaminosis_a"
    )
)
FAMILY_HISTORY = MOOD_HISTORY | _codes("ibd lipid_disorder diabetes")
DRUG_ALLERGIES = _codes("isotretinoin retinoid capsule_excipient")
SOYA_ALLERGIES = _codes("soya peanut")
ALLERGIES = DRUG_ALLERGIES | SOYA_ALLERGIES | _codes("other")

EYE_SURGERY = _codes("lasik refractive_surgery")
WOUNDING_PROCEDURES = _codes("waxing dermabrasion ablative_laser")
MILD_PROCEDURES = _codes("superficial_peel non_ablative_laser vascular_laser hair_removal_laser")
PROCEDURES = EYE_SURGERY | WOUNDING_PROCEDURES | MILD_PROCEDURES
ACTIVITIES = _codes("pilot night_driving contact_lenses")

CANNOT_ACCEPTED = _codes("male postmenopausal hysterectomy bilateral_oophorectomy")
CANNOT_REASONS = CANNOT_ACCEPTED | _codes(
    "tubal_ligation partner_vasectomy not_sexually_active other"
)

# Contraception: which list a method stands on differs by programme (P-US-04, P-PP-03).
PERMANENT = _codes("tubal_ligation partner_vasectomy")
COILS = _codes("iud_hormonal iud_copper")
BARRIERS = _codes("male_condom diaphragm cervical_cap sponge")
COMBINED_HORMONAL = _codes("combined_pill patch vaginal_ring")
NEVER_COUNTED = _codes("progestogen_only_pill female_condom withdrawal natural_planning")
METHODS = (
    PERMANENT | COILS | BARRIERS | COMBINED_HORMONAL | NEVER_COUNTED | _codes("implant injection")
)

TEST_RESULTS = _codes("negative positive indeterminate pending")
TEST_SETTINGS = _codes("laboratory clinic remote_supervised home")
UNITS_OF_ANALYTE = {
    "triglycerides": _codes("mg/dL mmol/L"),
    "total_cholesterol": _codes("mg/dL mmol/L"),
    "alt": _codes("U/L"),
    "ast": _codes("U/L"),
    "ck": _codes("U/L"),
    "bilirubin": _codes("mg/dL umol/L"),
    "anc": _codes("10^9/L"),
}
ANALYTES = frozenset(UNITS_OF_ANALYTE)
UNITS = frozenset().union(*UNITS_OF_ANALYTE.values())

VISIT_KINDS = _codes("first follow_up")
VISIT_MODES = _codes("video in_person phone chat photo")
VISIT_HISTORIES = _codes("own_patient records pre_consultation none")
DISCLOSURES = _codes(
    "unapproved import_route domestic_alternative overseas_safety relief_excluded content cost"
    " risks"
)
CONSENTS = _codes("treatment online_care personal_data ipledge acknowledgement_of_risk")

COURSE_STATUSES = _codes("not_started running ended")
PRODUCTS = _codes("standard lidose micronised")
INDICATIONS = _codes("acne rosacea cosmetic")
SEVERITIES = _codes("mild moderate severe")
FAILED_TREATMENTS = _codes("systemic_antibiotic topical hormonal relapsed other")
ROUTES = _codes("in_house pharmacy")
STEPS = _codes("claim hand_over")
FIRST_WINDOWS = _codes("none open missed")

CHECKIN_ITEMS = (
    "lips skin eyes nose joints back headache fatigue hair gut sun flare".split()  # noqa: SIM905
)
RED_FLAGS = _codes(
    "bih mood pancreatitis sjs anaphylaxis rhabdo liver gut hearing vision fulminans pregnancy"
)
SYMPTOMS = _codes("abdominal_pain jaundice dark_urine vomiting fever muscle_pain")
