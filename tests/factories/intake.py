"""Answers and consents of invented patients."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import factory

from backend import clock
from backend.accounts.models import Patient
from backend.intake.documents import documents, in_force, render
from backend.intake.models import ConsentSignature, IntakeResponse
from backend.intake.questionnaire import questionnaire
from tests.factories.accounts import LONG_AGO, PatientFactory
from tests.factories.records import make_ready_patient

ACNE_INTAKE = "acne_intake_2026_1"
JP_TREATMENT = "jp_treatment_2026_1"
NEVER = {"taken": False}

# What a woman of 24 with severe acne answers, who uses pill and condom and takes nothing else.
ANSWERS_F24: Mapping[str, Any] = {
    "indication": "acne",
    "severity": "severe",
    "scarring": True,
    "prior_treatment_failed": ["systemic_antibiotic", "topical", "relapsed"],
    "conditions": [],
    "family_history": [],
    "allergies": [],
    "procedures": [],
    "activities": [],
    "medicines": [],
    "isotretinoin_bought": NEVER,
    "vitamin_a": NEVER,
    "topical_retinoid": NEVER,
    "pregnancy_potential": "can",
    "pregnant": False,
    "breastfeeding": False,
    "contraception_methods": [
        {"code": "combined_pill", "since": "2025-09-01"},
        {"code": "male_condom", "since": "2025-09-01"},
    ],
    "abstinence": False,
    "follows_programme": True,
    **{f"phq_{number}": "none" for number in range(1, 10)},
}
TAKES_DOXYCYCLINE = {"medicines": [{"text": "ビブラマイシン錠100mg"}]}
FEELS_SUICIDAL = {"phq_2": "over_half", "phq_9": "several_days"}
OF_WOMEN = ("pregnant", "breastfeeding", "contraception_methods", "abstinence", "follows_programme")
IS_MAN = {"pregnancy_potential": "male", **dict.fromkeys(OF_WOMEN)}


def answers(**changes: Any) -> dict[str, Any]:
    """The answers of ANSWERS_F24 with changes; None leaves one out."""
    merged = {**ANSWERS_F24, **changes}
    return {key: value for key, value in merged.items() if value is not None}


class IntakeResponseFactory(factory.django.DjangoModelFactory):
    """A draft without answers."""

    class Meta:
        model = IntakeResponse

    class Params:
        answered = factory.Trait(answers=factory.LazyFunction(answers), saved_at=LONG_AGO)
        discarded = factory.Trait(status="discarded")
        submitted = factory.Trait(
            status="submitted",
            answers=factory.LazyFunction(answers),
            submitted_at=LONG_AGO,
            decision="clear",
            pack="jp_house_2026",
            pack_version="jp_house_2026@test",
            findings=factory.LazyFunction(list),
        )

    patient = factory.SubFactory(PatientFactory)
    questionnaire = ACNE_INTAKE
    questionnaire_sha256 = factory.LazyAttribute(lambda o: questionnaire(o.questionnaire).sha256)
    started_at = LONG_AGO


class ConsentSignatureFactory(factory.django.DjangoModelFactory):
    """The treatment consent, signed in Japanese."""

    class Meta:
        model = ConsentSignature

    class Params:
        withdrawn = factory.Trait(
            version=2,
            withdrawn_at=datetime.fromisoformat("2026-03-11T00:00:00Z"),
            withdrawn_by="patient:usr_test",
        )

    patient = factory.SubFactory(PatientFactory)
    document = JP_TREATMENT
    code = factory.LazyAttribute(lambda o: documents()[o.document].code)
    language = "ja"
    text = factory.LazyAttribute(
        lambda o: render(documents()[o.document], o.patient.clinic, o.language).text
    )
    text_sha256 = factory.LazyAttribute(
        lambda o: render(documents()[o.document], o.patient.clinic, o.language).sha256
    )
    typed_name = factory.LazyAttribute(lambda o: o.patient.name)
    disclosures = factory.LazyAttribute(lambda o: list(documents()[o.document].disclosures))
    signed_at = LONG_AGO


def sign_everything(
    patient: Patient, *, at: datetime | None = None, without: Collection[str] = ()
) -> list[ConsentSignature]:
    """Every consent document in force is signed by the patient; `without` names codes."""
    at = at or clock.now(patient)
    wanted = in_force(patient.clinic.programme, clock.civil_day(at, patient.zone))
    return [
        ConsentSignatureFactory(patient=patient, document=document.id, signed_at=at)
        for document in wanted
        if document.code not in without
    ]


def make_consenting_patient(**of_patient: Any) -> Patient:
    """`make_ready_patient`, who has signed every consent document too."""
    patient = make_ready_patient(**of_patient)
    sign_everything(patient, at=of_patient.get("at"))
    return patient
