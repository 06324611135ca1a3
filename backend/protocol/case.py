"""The facts that rules may see about one patient at one moment, frozen.

The words are those of the case format (docs/domain.md, "Facts"). Absent is `None` and means
unknown; an empty tuple means "asked, none". Numbers are `Decimal`; `_on` are civil dates in the
patient's zone. Built from JSON or TOML by `facts.case_from_facts`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """A body weight in kilograms on a day."""

    kg: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Medicine:
    """Another medicine; no `stopped_on` = still taken."""

    code: str
    stopped_on: date | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure on skin or eye, past or booked."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Patient:
    """The person, as asked at intake and at the visits."""

    zone: str | None = None
    birth_on: date | None = None
    can_become_pregnant: bool | None = None
    cannot_reason: str | None = None
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    growth_finished: bool | None = None
    guardian_consent: bool | None = None
    weights: tuple[Weight, ...] | None = None
    conditions: Codes | None = None
    family_history: Codes | None = None
    allergies: Codes | None = None
    medicines: tuple[Medicine, ...] | None = None
    procedures: tuple[Procedure, ...] | None = None
    activities: Codes | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A contraceptive method; `since` unknown if left out."""

    code: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Contraception:
    """What the patient uses, or that she abstains or declines."""

    methods: tuple[Method, ...] | None = None
    abstinence: bool | None = None
    declined: bool | None = None


@dataclass(frozen=True, slots=True)
class PregnancyTest:
    """One pregnancy test; `coded` = a home test's photo carries a one-time code."""

    taken_on: date
    result: str
    setting: str
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Lab:
    """One laboratory result; `uln` is the laboratory's upper limit in the result's unit."""

    analyte: str
    value: Decimal
    unit: str
    taken_on: date
    fasting: bool = False
    uln: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Phq:
    """One answer to the mood questionnaires (PHQ-2, PHQ-9, its item 9)."""

    on: date
    phq2: int | None = None
    phq9: int | None = None
    item9: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """The visit on which the prescription rests."""

    kind: str | None = None
    mode: str | None = None
    on: date | None = None
    video_seconds: int | None = None
    history: str | None = None
    in_person_first_done: bool | None = None
    care_plan_agreed: bool | None = None
    identity_verified: bool | None = None
    privacy_confirmed: bool | None = None
    hospital_arranged: bool | None = None
    mood_asked: bool | None = None
    sexual_function_asked: bool | None = None
    disclosures: Codes | None = None
    consents: Codes | None = None


@dataclass(frozen=True, slots=True)
class Prescriber:
    """The physician who prescribes."""

    code: str | None = None
    online_training_done: bool | None = None
    retinoid_expert: bool | None = None


@dataclass(frozen=True, slots=True)
class PreviousCourse:
    """The course before this one."""

    ended_on: date | None = None
    dispensed_mg_per_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The course of treatment: asked for, running or ended."""

    number: int | None = None
    status: str | None = None
    started_on: date | None = None
    ended_on: date | None = None
    dispensed_mg: Decimal | None = None
    last_daily_mg: Decimal | None = None
    last_product: str | None = None
    taken_with_food: bool | None = None
    indication: str | None = None
    severity: str | None = None
    iga: int | None = None
    scarring: bool | None = None
    lesions_baseline: int | None = None
    lesions_now: int | None = None
    prior_treatment_failed: Codes | None = None
    no_other_treatment_attested: bool | None = None
    day7_checkin_done: bool | None = None
    previous: PreviousCourse = PreviousCourse()


@dataclass(frozen=True, slots=True)
class Prescription:
    """What is to be prescribed or handed over."""

    product: str | None = None
    soya_oil: bool | None = None
    daily_mg: Decimal | None = None
    days: Decimal | None = None
    doses_per_day: int | None = None
    issued_on: date | None = None
    lot_importer: str | None = None
    route: str | None = None
    voided: bool | None = None


@dataclass(frozen=True, slots=True)
class Dispense:
    """The pharmacy's step: a claim or the hand-over itself."""

    step: str | None = None
    identity_checked: bool | None = None
    days_supplied: Decimal | None = None
    already_dispensed: bool | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """The twelve graded questions of a check-in, each 0 to 4."""

    lips: int | None = None
    skin: int | None = None
    eyes: int | None = None
    nose: int | None = None
    joints: int | None = None
    back: int | None = None
    headache: int | None = None
    fatigue: int | None = None
    hair: int | None = None
    gut: int | None = None
    sun: int | None = None
    flare: int | None = None


@dataclass(frozen=True, slots=True)
class Adherence:
    """How the medicine and the precautions were kept since the last check-in."""

    with_food: bool | None = None
    missed_doses: int | None = None
    contraception_kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Checkin:
    """The patient's own answers during or after a course."""

    items: Items = Items()
    red_flags: Codes | None = None
    symptoms: Codes | None = None
    adherence: Adherence = Adherence()
    last_period_on: date | None = None
    wants_blood_donation: bool | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """Records of a pregnancy prevention programme outside our service."""

    patient_enrolled: bool | None = None
    prescriber_certified: bool | None = None
    pharmacy_certified: bool | None = None
    comprehension_on: date | None = None
    forms_match: bool | None = None
    counselled_on: date | None = None
    home_test_opt_in: bool | None = None
    exemption_documented: bool | None = None
    rma_obtained: bool | None = None
    do_not_dispense_after: date | None = None
    first_window: str | None = None
    first_window_test_on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The contract that the patient pays for."""

    price_yen: int | None = None
    months: Decimal | None = None
    aesthetic: bool | None = None
    no_refund_clause: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All facts about one patient at `now`, an instant with an offset."""

    now: datetime
    patient: Patient = field(default_factory=Patient)
    contraception: Contraception = field(default_factory=Contraception)
    pregnancy_tests: tuple[PregnancyTest, ...] | None = None
    labs: tuple[Lab, ...] | None = None
    phq: tuple[Phq, ...] | None = None
    visit: Visit = field(default_factory=Visit)
    prescriber: Prescriber = field(default_factory=Prescriber)
    course: Course = field(default_factory=Course)
    prescription: Prescription = field(default_factory=Prescription)
    dispense: Dispense = field(default_factory=Dispense)
    checkin: Checkin = field(default_factory=Checkin)
    programme: Programme = field(default_factory=Programme)
    plan: Plan = field(default_factory=Plan)
