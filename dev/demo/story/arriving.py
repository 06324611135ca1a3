"""Chapters 1 and 2: two patients sign up, book, answer and consent."""

from datetime import UTC, datetime, timedelta

from dev.demo.people import Json, Person
from dev.demo.story.opening import code_mailed_to
from dev.demo.story.stage import TOKYO, Stage

BEGIN = datetime(2026, 3, 10, 9, 0, tzinfo=TOKYO)
PROFILES: dict[str, Json] = {
    "anna": {"name": "山田 花子", "name_kana": "ヤマダ ハナコ", "birth_on": "2001-06-15"},
    "beth": {"name": "中村 美咲", "name_kana": "ナカムラ ミサキ", "birth_on": "1998-02-03"},
}


def sign_up_and_book(stage: Stage) -> None:
    """Chapter 1."""
    stage.narrator.chapter("1  Two patients sign up, are identified and book a visit")
    stage.stop_the_clock(BEGIN.astimezone(UTC))
    for key, name in (("anna", "Patient A"), ("beth", "Patient B")):
        patient = stage.person(key, name, f"{key}@patient.example")
        sign_up(stage, patient, PROFILES[key])
        _book(stage, patient, hour=10 if key == "anna" else 11)


def sign_up(stage: Stage, patient: Person, profile: Json) -> None:
    """An account by mailed code, the profile on the story's clock, and the identity seen."""
    body = {"email": patient.email, "password": stage.password}
    patient.account("signs up", "/auth/signup", body, expect=401)
    code = code_mailed_to(stage, patient)
    patient.account("confirms the mailed code", "/auth/email/verify", {"key": code}, expect=200)
    clinic = patient.get("/v1/clinics")["data"][0]
    named = {
        **profile,
        "clinic": clinic["id"],
        "zone": "Asia/Tokyo",
        "test_clock": stage._clock["id"],
    }
    patient.known["profile"] = patient.does("makes a profile", "/v1/patients", named, expect=201)
    verified = stage.reception.does(
        f"has seen the identity card of {patient.name}",
        f"/v1/patients/{patient.known['profile']['id']}/verify_identity",
        {"document": "my_number_card"},
        on=patient.known["profile"],
    )
    patient.known["profile"] = verified


def _book(stage: Stage, patient: Person, hour: int) -> None:
    day = stage.today + timedelta(days=2)
    physician = patient.reads("looks at the physicians and their licences", "/v1/physicians")
    sato = next(row for row in physician["data"] if row["name"] == "佐藤 明")
    slots = patient.reads(
        "reads free slots",
        "/v1/slots",
        physician=sato["id"],
        **{"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()},
    )
    slot = next(
        row
        for row in slots["data"]
        if datetime.fromisoformat(row["starts_at"]).astimezone(TOKYO).hour == hour
    )
    patient.known["visit"] = book_slot(patient, sato["id"], slot["starts_at"])


def book_slot(patient: Person, physician: str, starts_at: str) -> Json:
    """Hold a slot and confirm it."""
    held = patient.does(
        "holds a slot",
        "/v1/visits",
        {"physician": physician, "starts_at": starts_at},
        expect=201,
        caused=lambda visit: f"kept until {visit['hold_expires_at']}",
    )
    return patient.does(
        "confirms it",
        f"/v1/visits/{held['id']}/confirm",
        on=held,
        caused=lambda visit: f"{visit['status']}: {visit['starts_at']}",
    )
