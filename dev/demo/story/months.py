"""Chapter 7: months of check-ins and supplies; in the second month a red flag."""

from datetime import date, datetime, timedelta

from dev.demo.people import Json, StepFailed
from dev.demo.story.arriving import book_slot
from dev.demo.story.consulting import see, write_findings
from dev.demo.story.dispensing import claim, hand_over, wait_for_webhook
from dev.demo.story.prescribing import approve, draft
from dev.demo.story.stage import Stage

ASKED_AND_FINE = (
    "eyes",
    "nose",
    "joints",
    "back",
    "headache",
    "fatigue",
    "hair",
    "gut",
    "sun",
    "flare",
)
FINE: Json = {
    "items": {
        **dict.fromkeys(
            ASKED_AND_FINE,
            0,
        ),
        "lips": 2,
        "skin": 1,
    },
    "red_flags": [],
    "symptoms": [],
    "phq2": 0,
    "phq9": 1,
    "item9": 0,
    "adherence": {"with_food": True, "missed_doses": 0, "contraception_kept": True},
    "wants_blood_donation": False,
}
RED_FLAG: Json = {
    **FINE,
    "items": {**FINE["items"], "headache": 3},
    "red_flags": ["bih"],
    "symptoms": ["vomiting"],
}
SECOND_SUPPLY, RED_FLAG_DAY, RESUMED = 28, 31, 45
LATER_SUPPLIES = (75, 105, 135, 165)
LAST_DAY = 195


def live_through(stage: Stage) -> None:
    """Chapter 7."""
    stage.narrator.chapter("7  Months of follow-up, monthly supplies, and a red flag")
    _until_day(stage, SECOND_SUPPLY)
    _second_supply_in_part(stage)
    _until_day(stage, RED_FLAG_DAY)
    _red_flag(stage)
    _until_day(stage, RESUMED)
    _clearance(stage)
    for day in LATER_SUPPLIES:
        _until_day(stage, day)
        supply(stage)
    _until_day(stage, LAST_DAY)


def day_of_course(stage: Stage, number: int) -> date:
    """The civil day so many days after the first dose."""
    started: date = stage.known["started_on"]
    return started + timedelta(days=number)


def _until_day(stage: Stage, number: int) -> None:
    """Days pass; each check-in that opens on the way is answered on its day."""
    target = day_of_course(stage, number)
    while stage.today < target:
        upcoming = [
            row["local_date"]
            for row in stage.sato.all("/v1/follow_ups", course=stage.anna.known["course"]["id"])
            if row["status"] == "pending" and row["local_date"] > stage.today.isoformat()
        ]
        following = min([*map(date.fromisoformat, upcoming), target])
        stage.morning_of(following)
        answer_what_is_open(stage)


def answer_what_is_open(stage: Stage) -> None:
    """A answers her open check-ins."""
    for check_in in stage.anna.all("/v1/check_ins", status="open"):
        stage.anna.does(
            f"answers the check-in of {stage.today}",
            f"/v1/check_ins/{check_in['id']}/answer",
            FINE,
            on=check_in,
            caused=lambda row: f"{row['status']}; dry lips, nothing else",
        )


def supply(stage: Stage) -> None:
    """A visit, a test, a prescription, an approval and 30 capsules."""
    _visit(stage)
    row = _approved(stage)
    claimed = claim(stage.ginza, stage.ginza.get(f"/v1/prescriptions/{row['id']}"), quiet=True)
    hand_over(stage.ginza, claimed, claimed["capsules"], "hands over the month's capsules")


def _visit(stage: Stage) -> None:
    anna = stage.anna
    day = stage.today
    slots = anna.get(
        "/v1/slots",
        physician=stage.sato.known["staff_member"],
        **{"from": day.isoformat(), "to": (day + timedelta(days=2)).isoformat()},
    )["data"]
    visit = book_slot(anna, stage.sato.known["staff_member"], slots[0]["starts_at"])
    stage.advance(datetime.fromisoformat(visit["starts_at"]))
    anna.known["visit"] = see(stage, anna, visit, kind="follow_up")
    write_findings(stage, anna)


def _approved(stage: Stage) -> Json:
    stage.anna.known["prescription"] = draft(stage, stage.anna)
    row = approve(stage, stage.anna, quiet=True)
    wait_for_webhook(stage, "prescription.approved", row["id"])
    stage.anna.known["prescription"] = row
    return row


def _second_supply_in_part(stage: Stage) -> None:
    _visit(stage)
    row = _approved(stage)
    claimed = claim(stage.ginza, stage.ginza.get(f"/v1/prescriptions/{row['id']}"))
    stage.anna.known["prescription"] = hand_over(
        stage.ginza, claimed, 15, "hands over 15 capsules; the rest is to follow"
    )


def _red_flag(stage: Stage) -> None:
    anna = stage.anna
    anna.does(
        "reports headache with blurred vision",
        "/v1/check_ins",
        RED_FLAG,
        expect=201,
        caused=lambda row: "she reads at once: " + row["advice"][0]["text"],
    )
    course = stage.sato.get(f"/v1/courses/{anna.known['course']['id']}")
    row = stage.sato.get(f"/v1/prescriptions/{anna.known['prescription']['id']}")
    tasks = [t for t in stage.sato.all("/v1/tasks", status="open") if t["priority"] == "urgent"]
    if (course["status"], row["status"], len(tasks)) != ("halted", "voided", 1):
        raise StepFailed(f"the red flag did not stop: {course}, {row}, {tasks}")
    stage.narrator.note("in one transaction: course halted, prescription void, urgent task open")
    wait_for_webhook(stage, "prescription.voided", row["id"])
    stage.ginza.does(
        "tries to hand over the rest",
        f"/v1/prescriptions/{row['id']}/dispense",
        {"capsules": 15, "identity_checked": True},
        on=row,
        expect=409,
        caused=lambda problem: f"{problem['code']}: {problem['title']}",
    )
    _call_and_take_back(stage, tasks[0])
    anna.known["voided"] = row["id"]


def _call_and_take_back(stage: Stage, task: Json) -> None:
    stage.minutes(10)
    stage.sato.does(
        "has called her, sends her to a neurologist, and closes the task",
        f"/v1/tasks/{task['id']}/complete",
        {
            "outcome": "emergency_referred",
            "note": "電話で症状を確認し、救急の眼科・神経内科へ紹介した。",
            "contacted_at": stage.now.isoformat().replace("+00:00", "Z"),
        },
        on=task,
    )
    prescription = stage.anna.known["prescription"]["id"]
    dispense = stage.ginza.all("/v1/dispenses", prescription=prescription)[0]
    stage.ginza.does(
        "takes 12 capsules back and destroys them",
        f"/v1/dispenses/{dispense['id']}/record_return",
        {"capsules": 12, "reason": "course_stopped"},
        on=dispense,
        caused="off the cumulative total",
    )


def _clearance(stage: Stage) -> None:
    anna = stage.anna
    course = stage.suzuki.get(f"/v1/courses/{anna.known['course']['id']}")
    stage.suzuki.proves_identity(stage.password)
    anna.known["course"] = stage.suzuki.does(
        "(senior) records the specialist's clearance and re-opens the course",
        f"/v1/courses/{course['id']}/resume",
        {
            "reason": "頭蓋内圧亢進は否定され、症状は消失した。",
            "clearance": {
                "specialist": "伊藤 医師（神経内科）",
                "cleared_on": stage.today.isoformat(),
                "note": "乳頭浮腫なし。",
            },
        },
        on=course,
        caused=lambda row: f"the course is {row['status']}",
    )
    supply(stage)
    voided = stage.sato.get(f"/v1/prescriptions/{anna.known['voided']}")
    if voided["status"] != "voided":
        raise StepFailed("what was voided came back to life")
    stage.narrator.note("prescribed anew; what was voided stays void")
