"""Chapters 2 and 3: questions, consents, and the visit by video."""

from datetime import datetime, timedelta
from typing import Any

from dev.demo.people import Json, Person
from dev.demo.story.stage import Stage

QUESTIONNAIRE = "acne_intake_2026_1"
CHECKLIST = dict.fromkeys(
    (
        "care_plan_agreed",
        "privacy_confirmed",
        "hospital_arranged",
        "mood_asked",
        "sexual_function_asked",
    ),
    True,
)
ANSWERS: Json = {
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
    "isotretinoin_bought": {"taken": False},
    "vitamin_a": {"taken": False},
    "topical_retinoid": {"taken": False},
    "pregnancy_potential": "can",
    "pregnant": False,
    "breastfeeding": False,
    "contraception_methods": [
        {"code": "combined_pill", "since": "2025-09-01"},
        {"code": "male_condom", "since": "2025-09-01"},
    ],
    "abstinence": False,
    "follows_programme": True,
    "phq_1": "several_days",
    **{f"phq_{number}": "none" for number in range(2, 10)},
}
DOXYCYCLINE: Json = {"medicines": [{"text": "ビブラマイシン（ドキシサイクリン）"}]}


def answer_and_consent(stage: Stage) -> None:
    """Chapter 2."""
    stage.narrator.chapter("2  They answer the questions and sign what they have read")
    answer(stage.anna, ANSWERS)
    answer(stage.beth, {**ANSWERS, **DOXYCYCLINE})
    for patient in (stage.anna, stage.beth):
        sign_all(patient)


def answer(patient: Person, answers: Json, *, with_a_pause: bool = True) -> None:
    """The questionnaire, saved half-way unless it is answered without a pause; then submitted."""
    draft = patient.does(
        "begins the questionnaire",
        "/v1/intake_responses",
        {"questionnaire": QUESTIONNAIRE},
        expect=201,
    )
    saved = draft
    if with_a_pause:
        saved = patient.does(
            "saves half of it and goes on later",
            f"/v1/intake_responses/{draft['id']}/save",
            {"answers": dict(list(answers.items())[:10])},
            on=draft,
        )
    saved = patient.does(
        "", f"/v1/intake_responses/{draft['id']}/save", {"answers": answers}, on=saved, quiet=True
    )
    patient.does(
        "submits it",
        f"/v1/intake_responses/{draft['id']}/submit",
        on=saved,
        caused=lambda response: f"the answer: {response['guidance']['text']}",
    )


def sign_all(patient: Person) -> None:
    """Every document that there is for the patient, one signature each."""
    for document in patient.get("/v1/consent_documents")["data"]:
        _sign(patient, document)


def _sign(patient: Person, document: Json) -> None:
    patient.does(
        f"signs「{document['title']}」",
        "/v1/consent_signatures",
        {
            "document": document["id"],
            "text_sha256": document["text_sha256"],
            "typed_name": patient.known["profile"]["name"],
            "disclosures_acknowledged": [point["code"] for point in document["disclosures"]],
        },
        expect=201,
        caused=f"kept: SHA-256 {document['text_sha256'][:12]}…, the typed name, the time",
    )


def meet_both(stage: Stage) -> None:
    """Chapter 3."""
    stage.narrator.chapter("3  The physician sees both by video")
    for patient in (stage.anna, stage.beth):
        visit = patient.known["visit"]
        stage.advance(datetime.fromisoformat(visit["starts_at"]))
        patient.known["visit"] = see(stage, patient, visit, kind="first")
        write_findings(stage, patient)


def see(stage: Stage, patient: Person, visit: Json, *, kind: str) -> Json:
    """A video visit of twelve minutes; the visit as completed."""
    started = stage.sato.does(
        f"starts the video session with {patient.name}",
        f"/v1/visits/{visit['id']}/start",
        {"mode": "video", "kind": kind, "history": "records"},
        on=visit,
        quiet=kind != "first",
    )
    stage.minutes(12)
    return stage.sato.does(
        "ends it, with the checklist",
        f"/v1/visits/{visit['id']}/complete",
        {**CHECKLIST, "in_person_first_done": False},
        on=started,
        caused=lambda done: f"{done['video_seconds']} seconds of video",
        quiet=kind != "first",
    )


def write_findings(stage: Stage, patient: Person, *, with_labs: bool = True) -> None:
    """Weight, pregnancy test and results of this visit, contraception and a note."""
    yesterday = (stage.today - timedelta(days=1)).isoformat()
    note(stage, patient, "weights", "52.0 kg", kg="52.0", taken_on=stage.today.isoformat())
    note(
        stage,
        patient,
        "pregnancy_tests",
        "a negative pregnancy test",
        taken_on=yesterday,
        result="negative",
        setting="clinic",
    )
    if with_labs:
        for analyte, value, unit, extra in (
            ("alt", "22", "U/L", {"uln": "40"}),
            ("triglycerides", "90", "mg/dL", {"fasting": True}),
        ):
            note(
                stage,
                patient,
                "lab_results",
                f"{analyte} {value} {unit}",
                analyte=analyte,
                value=value,
                unit=unit,
                taken_on=yesterday,
                **extra,
            )
    note(
        stage,
        patient,
        "statements",
        "the contraception that she uses",
        topic="contraception",
        value={key: ANSWERS[key] for key in ("abstinence",)}
        | {"methods": ANSWERS["contraception_methods"], "declined": False},
    )
    _note_skin(stage, patient)
    stage.sato.does(
        "writes a note",
        f"/v1/visits/{patient.known['visit']['id']}/add_note",
        {"text": "結節性ざ瘡。治療計画と避妊について説明した。"},
        on=patient.known["visit"],
        quiet=True,
    )


def _note_skin(stage: Stage, patient: Person) -> None:
    keys = ("indication", "severity", "scarring", "prior_treatment_failed")
    before = {key: ANSWERS[key] for key in keys} | {"lesions_baseline": 42}
    first = "course" not in patient.known
    note(
        stage,
        patient,
        "statements",
        "severity and lesion count",
        topic="acne" if first else "skin_assessment",
        value=before if first else {"iga": 2, "lesions_now": 12},
    )


def note(stage: Stage, patient: Person, kind: str, what: str, **body: Any) -> None:
    """One measurement or statement about a patient, written down by who treats them."""
    stage.people[stage.treating(patient)].does(
        f"records {what}",
        f"/v1/{kind}",
        {"patient": patient.known["profile"]["id"], **body},
        expect=201,
        quiet="course" in patient.known,
    )
