"""Facts in the words of the case format <-> a frozen `Case`. Strict both ways."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from backend.kernel.errors import FieldError, Unprocessable
from backend.kernel.text import Text
from backend.protocol import case as c
from backend.protocol import vocabulary as v
from backend.protocol.readers import (
    Reader,
    boolean,
    civil_date,
    code,
    codes,
    complain,
    items,
    number,
    positive,
    table,
    text,
    whole,
)


class BadFacts(Unprocessable):
    """The facts are not a case: `errors` has one JSON pointer (into the facts) for each."""

    code = "bad_facts"
    title = Text("症例の事実に誤りがあります", "The facts are not a case")

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors=tuple(errors))


def _lab(value: object, at: str, errors: list[FieldError]) -> c.Lab | None:
    """A laboratory result whose unit is one of its analyte."""
    lab: c.Lab | None = _LAB(value, at, errors)
    if lab and lab.unit not in v.UNITS_OF_ANALYTE[lab.analyte]:
        known = ", ".join(sorted(v.UNITS_OF_ANALYTE[lab.analyte]))
        complain(errors, f"{at}/unit", "unknown_code", f"使える単位: {known}", f"Known: {known}")
        return None
    return lab


_LAB = table(
    c.Lab,
    {
        "analyte": code(v.ANALYTES),
        "value": number,
        "unit": code(v.UNITS),
        "taken_on": civil_date,
        "fasting": boolean,
        "uln": positive,
    },
    needed="analyte value unit taken_on",
)
_TEST = table(
    c.PregnancyTest,
    {
        "taken_on": civil_date,
        "result": code(v.TEST_RESULTS),
        "setting": code(v.TEST_SETTINGS),
        "coded": boolean,
    },
    needed="taken_on result setting",
)
_PHQ = table(
    c.Phq,
    {"on": civil_date, "phq2": whole(0, 6), "phq9": whole(0, 27), "item9": whole(0, 3)},
    needed="on",
)
_WEIGHT = table(c.Weight, {"kg": positive, "on": civil_date}, needed="kg on")
_MEDICINE = table(c.Medicine, {"code": code(v.MEDICINES), "stopped_on": civil_date}, needed="code")
_PROCEDURE = table(c.Procedure, {"kind": code(v.PROCEDURES), "on": civil_date}, needed="kind on")
_METHOD = table(c.Method, {"code": code(v.METHODS), "since": civil_date}, needed="code")

SECTIONS: Mapping[str, Mapping[str, Reader]] = {
    "patient": {
        "zone": text,
        "birth_on": civil_date,
        "can_become_pregnant": boolean,
        "cannot_reason": code(v.CANNOT_REASONS),
        "pregnant": boolean,
        "breastfeeding": boolean,
        "growth_finished": boolean,
        "guardian_consent": boolean,
        "weights": items(_WEIGHT),
        "conditions": codes(v.CONDITIONS),
        "family_history": codes(v.FAMILY_HISTORY),
        "allergies": codes(v.ALLERGIES),
        "medicines": items(_MEDICINE),
        "procedures": items(_PROCEDURE),
        "activities": codes(v.ACTIVITIES),
    },
    "contraception": {"methods": items(_METHOD), "abstinence": boolean, "declined": boolean},
    "visit": {
        "kind": code(v.VISIT_KINDS),
        "mode": code(v.VISIT_MODES),
        "on": civil_date,
        "video_seconds": whole(),
        "history": code(v.VISIT_HISTORIES),
        "in_person_first_done": boolean,
        "care_plan_agreed": boolean,
        "identity_verified": boolean,
        "privacy_confirmed": boolean,
        "hospital_arranged": boolean,
        "mood_asked": boolean,
        "sexual_function_asked": boolean,
        "disclosures": codes(v.DISCLOSURES),
        "consents": codes(v.CONSENTS),
    },
    "prescriber": {"code": text, "online_training_done": boolean, "retinoid_expert": boolean},
    "course": {
        "number": whole(),
        "status": code(v.COURSE_STATUSES),
        "started_on": civil_date,
        "ended_on": civil_date,
        "dispensed_mg": number,
        "last_daily_mg": number,
        "last_product": code(v.PRODUCTS),
        "taken_with_food": boolean,
        "indication": code(v.INDICATIONS),
        "severity": code(v.SEVERITIES),
        "iga": whole(0, 4),
        "scarring": boolean,
        "lesions_baseline": whole(),
        "lesions_now": whole(),
        "prior_treatment_failed": codes(v.FAILED_TREATMENTS),
        "no_other_treatment_attested": boolean,
        "day7_checkin_done": boolean,
        "previous": table(
            c.PreviousCourse, {"ended_on": civil_date, "dispensed_mg_per_kg": number}
        ),
    },
    "prescription": {
        "product": code(v.PRODUCTS),
        "soya_oil": boolean,
        "daily_mg": number,
        "days": number,
        "doses_per_day": whole(1, 2),
        "issued_on": civil_date,
        "lot_importer": text,
        "route": code(v.ROUTES),
        "voided": boolean,
    },
    "dispense": {
        "step": code(v.STEPS),
        "identity_checked": boolean,
        "days_supplied": number,
        "already_dispensed": boolean,
    },
    "checkin": {
        "items": table(c.Items, {name: whole(0, 4) for name in v.CHECKIN_ITEMS}),
        "red_flags": codes(v.RED_FLAGS),
        "symptoms": codes(v.SYMPTOMS),
        "adherence": table(
            c.Adherence,
            {"with_food": boolean, "missed_doses": whole(), "contraception_kept": boolean},
        ),
        "last_period_on": civil_date,
        "wants_blood_donation": boolean,
    },
    "programme": {
        "patient_enrolled": boolean,
        "prescriber_certified": boolean,
        "pharmacy_certified": boolean,
        "comprehension_on": civil_date,
        "forms_match": boolean,
        "counselled_on": civil_date,
        "home_test_opt_in": boolean,
        "exemption_documented": boolean,
        "rma_obtained": boolean,
        "do_not_dispense_after": civil_date,
        "first_window": code(v.FIRST_WINDOWS),
        "first_window_test_on": civil_date,
    },
    "plan": {
        "price_yen": whole(),
        "months": number,
        "aesthetic": boolean,
        "no_refund_clause": boolean,
    },
}
_BUILDS: Mapping[str, type] = {
    "patient": c.Patient,
    "contraception": c.Contraception,
    "visit": c.Visit,
    "prescriber": c.Prescriber,
    "course": c.Course,
    "prescription": c.Prescription,
    "dispense": c.Dispense,
    "checkin": c.Checkin,
    "programme": c.Programme,
    "plan": c.Plan,
}
_CASE = table(
    dict,
    {name: table(_BUILDS[name], kinds) for name, kinds in SECTIONS.items()}
    | {"pregnancy_tests": items(_TEST), "labs": items(_lab), "phq": items(_PHQ)},
)


def case_from_facts(facts: Mapping[str, Any], now: datetime) -> c.Case:
    """The frozen case of these facts at `now`.

    Facts: the nested mapping of the case format, from JSON (dates as YYYY-MM-DD, numbers or
    decimals as text) or TOML (native dates). Raises BadFacts, with one JSON pointer for each
    complaint, on an unknown key or code, a wrong type, an impossible number or date, or a
    `now` without offset.
    """
    errors: list[FieldError] = []
    sections = _CASE(facts, "", errors)
    if now.utcoffset() is None:
        complain(errors, "/now", "no_offset", "時差の指定が必要です。", "Needs an offset.")
    elif not 1900 <= now.astimezone(UTC).year <= 2999:
        complain(errors, "/now", "impossible_date", "あり得ない日時です。", "Not a possible time.")
    if errors:
        raise BadFacts(errors)
    return c.Case(now=now, **sections)


def _plain(value: object) -> object:
    """One value as JSON: only objects, lists, texts, whole numbers and booleans."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, _plain(getattr(value, f.name))) for f in fields(value))
        return {name: plain for name, plain in pairs if plain not in (None, {})}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    return value


def facts_of(case: c.Case) -> dict[str, Any]:
    """The facts of a case as plain JSON; `case_from_facts` of them gives an equal case.

    `now` is not among them. Decimals that are not whole stand as text, so that the canonical
    form (and its hash) is the same everywhere.
    """
    plain = _plain(case)
    assert isinstance(plain, dict)  # noqa: S101
    plain.pop("now")
    return plain
