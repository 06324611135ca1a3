"""Chapter 6: a dispensary is told, claims, dispenses in part and then the rest."""

from dev.demo.people import Json, Person
from dev.demo.story.stage import Stage


def dispense_first(stage: Stage) -> None:
    """Chapter 6."""
    stage.narrator.chapter("6  A dispensary is told, claims, dispenses in part, then the rest")
    row = stage.anna.known["prescription"]
    told = wait_for_webhook(stage, "prescription.approved", row["id"])
    stage.narrator.note(f"webhook {told['type']} arrived, signature verified, ids only")
    stage.ginza.reads("lists open prescriptions", "/v1/prescriptions", status="approved")
    seen = stage.ginza.get(f"/v1/prescriptions/{row['id']}")
    claimed = claim(stage.ginza, seen)
    stage.shinjuku.does(
        "claims the same one, too late",
        f"/v1/prescriptions/{row['id']}/claim",
        on=seen,
        expect=409,
        caused=lambda problem: f"{problem['code']}: {problem['title']}",
    )
    part = hand_over(stage.ginza, claimed, 10, "hands over 10 capsules")
    stage.ginza.does(
        "tries to hand over 30 more",
        f"/v1/prescriptions/{row['id']}/dispense",
        {"capsules": 30, "identity_checked": True},
        on=part,
        expect=409,
        caused=lambda problem: f"{problem['code']}: nothing was handed over",
    )
    stage.anna.known["prescription"] = hand_over(
        stage.ginza, part, 20, "hands over the other 20 capsules"
    )
    stage.known["started_on"] = stage.today
    path = f"/v1/courses/{stage.anna.known['course']['id']}"
    stage.anna.known["course"] = stage.until(
        "the course runs", lambda: _in_status(stage.sato.get(path), "running")
    )
    plan = stage.until(
        "the follow-up plan is made",
        lambda: stage.sato.all("/v1/follow_ups", course=stage.anna.known["course"]["id"]),
    )
    stage.narrator.note(f"the course runs; {len(plan)} follow-ups are planned")


def claim(dispensary: Person, row: Json, *, quiet: bool = False) -> Json:
    """The dispensary takes the prescription."""
    return dispensary.does(
        "claims it",
        f"/v1/prescriptions/{row['id']}/claim",
        on=row,
        caused=lambda r: f"{r['status']} until {r['claim_lapses_at']}",
        quiet=quiet,
    )


def hand_over(dispensary: Person, row: Json, capsules: int, what: str) -> Json:
    """Capsules go over the counter to a person whose identity was checked."""
    return dispensary.does(
        what,
        f"/v1/prescriptions/{row['id']}/dispense",
        {"capsules": capsules, "identity_checked": True},
        on=row,
        caused=lambda r: f"{r['status']}: {r['dispensed_capsules']} of {r['capsules']}",
    )


def wait_for_webhook(stage: Stage, kind: str, prescription: str) -> Json:
    """The webhook of this type about this prescription, once it has arrived."""

    def arrived() -> Json | None:
        return next(
            (
                message
                for message in stage.receiver.genuine
                if message["type"] == kind and message["data"]["prescription_id"] == prescription
            ),
            None,
        )

    found: Json = stage.until(f"the webhook {kind}", arrived)
    return found


def _in_status(row: Json, status: str) -> Json | None:
    return row if row["status"] == status else None
