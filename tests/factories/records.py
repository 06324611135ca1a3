"""Clinical facts. `make_ready_patient` is a woman of 24 with everything that a start needs."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import factory

from backend import clock
from backend.accounts.models import Patient
from backend.records.models import LabResult, PhqScore, PregnancyTest, Statement, Weight
from tests.factories.accounts import PatientFactory

DAY = date(2026, 3, 9)
NOTER = "physician:usr_test"


class StatementFactory(factory.django.DjangoModelFactory):
    """She said that she is not pregnant."""

    class Meta:
        model = Statement

    class Params:
        retracted = factory.Trait(
            version=2,
            retracted_at=datetime(2026, 3, 11, tzinfo=UTC),
            retracted_by=NOTER,
            retraction_reason="wrong_value",
        )

    patient = factory.SubFactory(PatientFactory)
    noted_at = datetime(2026, 3, 9, tzinfo=UTC)
    noted_on = factory.LazyAttribute(lambda o: o.noted_at.date())
    noted_by = NOTER
    topic = "pregnancy"
    value = factory.LazyFunction(lambda: {"pregnant": False})


class _MeasurementFactory(factory.django.DjangoModelFactory):
    """Noted on the day on which it was taken."""

    class Meta:
        abstract = True

    class Params:
        retracted = factory.Trait(
            version=2,
            retracted_at=datetime(2026, 3, 11, tzinfo=UTC),
            retracted_by=NOTER,
            retraction_reason="wrong_value",
        )

    patient = factory.SubFactory(PatientFactory)
    taken_on = DAY
    noted_on = factory.LazyAttribute(lambda o: o.taken_on)
    noted_at = factory.LazyAttribute(lambda o: datetime.combine(o.noted_on, time(), UTC))
    noted_by = NOTER


class WeightFactory(_MeasurementFactory):
    """52 kg."""

    class Meta:
        model = Weight

    kg = Decimal("52.0")


class PregnancyTestFactory(_MeasurementFactory):
    """Negative, at the clinic."""

    class Meta:
        model = PregnancyTest

    class Params:
        positive = factory.Trait(result="positive")
        at_home = factory.Trait(setting="home", coded=True)

    result = "negative"
    setting = "clinic"


class LabResultFactory(_MeasurementFactory):
    """ALT, normal."""

    class Meta:
        model = LabResult

    class Params:
        high_triglycerides = factory.Trait(
            analyte="triglycerides", value=Decimal(620), unit="mg/dL", fasting=True, uln=None
        )

    analyte = "alt"
    value = Decimal(22)
    unit = "U/L"
    uln = Decimal(40)


class PhqScoreFactory(_MeasurementFactory):
    """Well."""

    class Meta:
        model = PhqScore

    class Params:
        suicidal = factory.Trait(phq9=16, item9=1)

    phq2 = 0
    phq9 = 1
    item9 = 0


READY_F24: Mapping[str, Any] = {
    "conditions": {"conditions": []},
    "family_history": {"family_history": []},
    "allergies": {"allergies": []},
    "medicines": {"medicines": []},
    "procedures": {"procedures": []},
    "activities": {"activities": []},
    "pregnancy_potential": {"can_become_pregnant": True},
    "pregnancy": {"pregnant": False},
    "breastfeeding": {"breastfeeding": False},
    "contraception": {
        "methods": [
            {"code": "combined_pill", "since": "2025-09-01"},
            {"code": "male_condom", "since": "2025-09-01"},
        ],
        "abstinence": False,
        "declined": False,
    },
    "acne": {
        "indication": "acne",
        "severity": "severe",
        "scarring": False,
        "prior_treatment_failed": ["systemic_antibiotic", "topical"],
        "no_other_treatment_attested": True,
    },
    "skin_assessment": {"iga": 4, "scarring": False},
}
ON_DOXYCYCLINE = {"medicines": {"medicines": [{"code": "doxycycline", "text": "ビブラマイシン"}]}}
MAN = {"pregnancy_potential": {"can_become_pregnant": False, "cannot_reason": "male"}}
OF_WOMEN = ("pregnancy", "breastfeeding", "contraception")


def make_ready_patient(
    *,
    at: datetime | None = None,
    patient: Patient | None = None,
    said: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    kg: str = "52.0",
    **of_patient: Any,
) -> Patient:
    """A patient about whom everything is recorded that a first JP prescription needs at `at`.

    A woman of 24, 52 kg, on pill and condom since 2025-09 (190 days before `at` if that is
    earlier), two negative tests, normal labs, PHQ of today. `at` is the patient's present if not
    given, so it fits wall clock and test clock alike. `said` replaces statements by topic
    (`said=ON_DOXYCYCLINE`); `without` leaves out topics, or `weights`, `tests`, `labs`, `phq`;
    other arguments go to PatientFactory. Consents and disclosures: `tests.factories.intake`.
    """
    patient = patient or PatientFactory(**of_patient)
    at = at or clock.now(patient)
    noted = {"patient": patient, "noted_at": at, "noted_on": clock.civil_day(at, patient.zone)}
    for topic, value in {**READY_F24, **(said or {})}.items():
        if topic not in without:
            StatementFactory(**noted, topic=topic, value=_since(value, at))
    _measure(noted, set(without), Decimal(kg))
    return patient


def make_ready_man(**overrides: Any) -> Patient:
    """A man of 19, 70 kg, ready for his first prescription."""
    chosen = {
        "birth_on": date(2006, 8, 1),
        "name": "鈴木 太郎",
        "name_kana": "スズキ タロウ",
        "kg": "70.0",
        "without": (*OF_WOMEN, "tests"),
        "said": MAN,
    }
    return make_ready_patient(**{**chosen, **overrides})


def make_patient_on_doxycycline(**overrides: Any) -> Patient:
    """The same woman, who still takes doxycycline (C-11: block in JP)."""
    return make_ready_patient(said=ON_DOXYCYCLINE, **overrides)


def _measure(noted: Mapping[str, Any], without: set[str], kg: Decimal) -> None:
    def days_ago(days: int) -> dict[str, Any]:
        return {**noted, "taken_on": noted["noted_on"] - timedelta(days=days)}

    if "weights" not in without:
        WeightFactory(**days_ago(7), kg=kg)
    if "tests" not in without:
        PregnancyTestFactory(**days_ago(29), setting="laboratory")
        PregnancyTestFactory(**days_ago(1))
    if "labs" not in without:
        LabResultFactory(**days_ago(8))
        LabResultFactory(
            **days_ago(8),
            analyte="triglycerides",
            value=Decimal(90),
            unit="mg/dL",
            uln=None,
            fasting=True,
        )
    if "phq" not in without:
        PhqScoreFactory(**days_ago(0))


def _since(value: Any, at: datetime) -> Any:
    """Methods in use for at least half a year, whenever the test plays."""
    if "methods" not in value:
        return value
    earliest = str((at - timedelta(days=190)).date())
    methods = [
        {**method, "since": min(method["since"], earliest)} if "since" in method else method
        for method in value["methods"]
    ]
    return {**value, "methods": methods}
