"""Chapters 8 and 9: the end, the closing check, the second-course decision, and the audit."""

from datetime import date, timedelta

from dev.demo.people import StepFailed
from dev.demo.story.months import FINE, LAST_DAY, day_of_course
from dev.demo.story.stage import Stage


def end_and_decide(stage: Stage) -> None:
    """Chapter 8."""
    stage.narrator.chapter("8  The course ends; a month later the closing check; then the decision")
    anna = stage.anna
    ended_on = day_of_course(stage, LAST_DAY - 1)
    course = stage.sato.get(f"/v1/courses/{anna.known['course']['id']}")
    anna.known["course"] = stage.sato.does(
        "ends the course",
        f"/v1/courses/{course['id']}/end",
        {"ended_on": ended_on.isoformat(), "reason": "completed"},
        on=course,
        caused=lambda row: f"last dose {row['ended_on']}",
    )
    _closing_check(stage)
    _second_course(stage, ended_on)


def _closing_check(stage: Stage) -> None:
    closing = stage.until("the closing check is planned", lambda: _planned(stage, "closing_check"))
    stage.morning_of(closing)
    open_now = stage.anna.all("/v1/check_ins", status="open")
    if len(open_now) != 1:
        raise StepFailed(f"one closing check should be open, not {len(open_now)}")
    stage.sato.does(
        "records the final pregnancy test: negative",
        "/v1/pregnancy_tests",
        {
            "patient": stage.anna.known["profile"]["id"],
            "taken_on": stage.today.isoformat(),
            "result": "negative",
            "setting": "clinic",
        },
        expect=201,
    )
    stage.anna.does(
        f"answers the closing check of {stage.today}",
        f"/v1/check_ins/{open_now[0]['id']}/answer",
        FINE,
        on=open_now[0],
        caused="contraception and the blood-donation lock may end",
    )


def _second_course(stage: Stage, ended_on: date) -> None:
    stage.morning_of(ended_on + timedelta(days=57))
    task = next(
        (t for t in stage.sato.all("/v1/tasks", status="open") if "second_course" in t["kind"]),
        None,
    )
    if task is None:
        raise StepFailed("eight weeks after the end no second-course decision is open")
    stage.sato.does(
        "records her weight again",
        "/v1/weights",
        {
            "patient": stage.anna.known["profile"]["id"],
            "kg": "52.0",
            "taken_on": stage.today.isoformat(),
        },
        expect=201,
        quiet=True,
    )
    stage.sato.proves_identity(stage.password)
    course = stage.sato.get(f"/v1/courses/{stage.anna.known['course']['id']}")
    decided = stage.sato.does(
        "decides: a second course is offered (scarring relapse)",
        f"/v1/courses/{course['id']}/decide_second_course",
        {"decision": "offer", "iga": 3, "scarring": True, "reason": "瘢痕を残す再燃。"},
        expect=201,
        caused=lambda row: (
            f"first course: {row['cumulative_mg']} mg, {row['cumulative_mg_per_kg']} mg/kg"
        ),
    )
    stage.known["decision"] = decided
    if stage.sato.get(f"/v1/tasks/{task['id']}")["status"] != "done":
        raise StepFailed("the second course is decided, and its task is still open")


def audit(stage: Stage) -> None:
    """Chapter 9."""
    stage.narrator.chapter("9  The auditor lists who did and who saw what, and verifies the trail")
    patient = stage.anna.known["profile"]["id"]
    entries = stage.auditor.all("/v1/audit_entries", patient=patient)
    reads = [e for e in entries if e["action"].endswith((".read", ".list"))]
    stage.narrator.note(
        f"{len(entries)} entries concern patient A, {len(reads)} of them looks, in order"
    )
    for entry in (*entries[:4], *entries[-4:]):
        stage.narrator.note(f"{entry['at'][:16]}  {entry['actor_role']:<15} {entry['action']}")
    own = stage.anna.reads("sees who saw her record", "/v1/audit_entries")
    if not own["data"]:
        raise StepFailed("patient A cannot see who saw her record")
    verdict = stage.auditor.reads("verifies the trail", "/v1/audit_verification")
    stage.narrator.note(f"{verdict['entries']} entries, sound: {verdict['sound']}")
    if not verdict["sound"]:
        raise StepFailed(f"the audit trail is not sound: {verdict['findings'][:3]}")
    _sum_up(stage, len(entries), len(reads), verdict["entries"])


def _sum_up(stage: Stage, entries: int, reads: int, all_entries: int) -> None:
    decision = stage.known["decision"]
    sent = stage.reception.all("/v1/notifications", patient=stage.anna.known["profile"]["id"])
    answered = stage.sato.all("/v1/check_ins", status="answered")
    stage.known["summary"] = [
        ("days on the clock", str((stage.today - stage.known["started_on"]).days)),
        ("check-ins answered", str(len(answered))),
        ("messages to A, sent once each", str(sum(n["status"] == "sent" for n in sent))),
        ("webhooks verified", str(len(stage.receiver.genuine))),
        ("first course of A", f"{decision['cumulative_mg']} mg"),
        ("second course", decision["status"]),
        ("entries that concern A", f"{entries}, of which {reads} looks"),
        ("audit trail", f"{all_entries} entries, sound"),
    ]


def _planned(stage: Stage, kind: str) -> date | None:
    rows = stage.sato.all("/v1/follow_ups", course=stage.anna.known["course"]["id"])
    days = [r["local_date"] for r in rows if r["kind"] == kind and r["status"] == "pending"]
    return date.fromisoformat(days[0]) if days else None
