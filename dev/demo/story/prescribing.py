"""Chapters 4 and 5: draft, assess, decline one, approve the other."""

from dev.demo.people import Json, Person, StepFailed
from dev.demo.story.stage import Stage

PATIENT_TEXT = {
    "reason": "interaction",
    "patient_text_ja": "現在服用中のお薬と一緒には処方できません。"
    "中止の時期を主治医とご相談ください。",
    "patient_text_en": "It cannot be prescribed beside a medicine that you take now. "
    "Please ask your physician when it can be stopped.",
}


def draft_and_assess(stage: Stage) -> None:
    """Chapter 4."""
    stage.narrator.chapter("4  Drafts are assessed: A is clear, B is blocked and declined")
    for patient in (stage.anna, stage.beth):
        patient.known["course"] = stage.sato.does(
            f"opens a course for {patient.name}",
            "/v1/courses",
            {"patient": patient.known["profile"]["id"], "indication": "acne"},
            expect=201,
        )
        patient.known["prescription"] = draft(stage, patient)
    _expect_clear(stage, stage.anna)
    _expect_block(stage, stage.beth)
    declined = stage.sato.does(
        "declines B's prescription",
        f"/v1/prescriptions/{stage.beth.known['prescription']['id']}/decline",
        PATIENT_TEXT,
        on=submit(stage, stage.beth),
        caused=lambda row: f"{row['status']}; she reads: {PATIENT_TEXT['patient_text_ja']}",
    )
    stage.beth.known["prescription"] = declined


def draft(stage: Stage, patient: Person, *, daily_mg: int = 20, **more: str) -> Json:
    """A prescription of 30 days, one dose a day, from the lot that the physician imported."""
    physician = stage.treating(patient)
    return stage.people[physician].does(
        f"drafts {daily_mg} mg a day for 30 days ({patient.name})",
        "/v1/prescriptions",
        {
            "course": patient.known["course"]["id"],
            "visit": patient.known["visit"]["id"],
            "product": stage.known["product"],
            "lot": stage.known[f"lot_{physician}"],
            "daily_mg": daily_mg,
            "days": 30,
            "doses_per_day": 1,
            "route": "in_house",
            **more,
        },
        expect=201,
        caused=lambda row: f"{row['capsules']} capsules of {row['strength_mg']} mg",
    )


def submit(stage: Stage, patient: Person) -> Json:
    """The draft goes to review."""
    return stage.people[stage.treating(patient)].does(
        "submits it for review",
        f"/v1/prescriptions/{patient.known['prescription']['id']}/submit",
        on=patient.known["prescription"],
    )


def _assessment(stage: Stage, patient: Person) -> Json:
    path = f"/v1/prescriptions/{patient.known['prescription']['id']}/assessment"
    found = stage.sato.reads(f"reads the assessment of {patient.name}", path)
    stage.narrator.note(f"{found['decision']}, by {found['pack']}")
    for finding in found["findings"]:
        stage.narrator.note(f"{finding['rule']} {finding['level']}: {finding['message']}")
        if finding["level"] not in {"counsel", "warn"}:
            stage.narrator.note(f"  what would unblock it: {finding['remedy']}")
    return found


def _expect_clear(stage: Stage, patient: Person) -> None:
    found = _assessment(stage, patient)
    if found["decision"] != "clear":
        raise StepFailed(f"{patient.name} should be clear, not {found['decision']}")


def _expect_block(stage: Stage, patient: Person) -> None:
    found = _assessment(stage, patient)
    if found["decision"] != "block" or "C-11" not in {f["rule"] for f in found["findings"]}:
        raise StepFailed(f"{patient.name} should be blocked by C-11, not {found['decision']}")


def approve_first(stage: Stage) -> None:
    """Chapter 5."""
    stage.narrator.chapter("5  The physician approves: findings, pack version, signed snapshot")
    approved = approve(stage, stage.anna)
    stage.anna.known["prescription"] = approved
    stage.beth.reads(
        "reads why hers was declined",
        f"/v1/prescriptions/{stage.beth.known['prescription']['id']}",
    )


def approve(stage: Stage, patient: Person, *, quiet: bool = False) -> Json:
    """Submit, prove who one is, approve; the prescription as approved, its signature verified."""
    submitted = submit(stage, patient)
    stage.sato.proves_identity(stage.password)
    approved = stage.sato.does(
        "proves who he is, and approves",
        f"/v1/prescriptions/{submitted['id']}/approve",
        on=submitted,
        caused=lambda row: f"issued {row['issued_on']}, last day {row['valid_until']}",
    )
    if not quiet:
        signed = stage.sato.reads(
            "reads what was signed", f"/v1/prescriptions/{approved['id']}/signed_content"
        )
        stage.narrator.note(f"Ed25519, key {signed['key_id'][:16]}…")
    return approved
