"""After the story: a morning in the clinic, with something to do for whoever tries the pages.

Two guests began four weeks before; on the morning itself one of them comes for more, three come
for the first time, one reports a red flag, and one will be seen at noon. All through the
public API. The clock is left where it stands, so what can be approved now can be
approved any time later.
"""

from datetime import date, datetime, time, timedelta

from dev.demo.desk.guests import AOI, DAISUKE, MITSUKI, SAKURA, SHOTA, YUI, Guest
from dev.demo.people import Json, Person, StepFailed
from dev.demo.story.arriving import book_slot, sign_up
from dev.demo.story.consulting import ANSWERS, CHECKLIST, answer, note, sign_all
from dev.demo.story.dispensing import claim, hand_over
from dev.demo.story.prescribing import draft, submit
from dev.demo.story.stage import TOKYO, Stage, rfc3339

BEGAN, CAME_TODAY, ON_TREATMENT = (SHOTA, YUI), (SAKURA, MITSUKI, DAISUKE, AOI), 27
WAITING = {"shota": "clear", "sakura": "hold", "mitsuki": "clear", "daisuke": "senior"}
RED_FLAG: Json = {
    **YUI.check_in(2),
    "items": {**YUI.check_in(2)["items"], "headache": 3},
    "red_flags": ["bih"],
    "symptoms": ["vomiting"],
}
REPORTED, LEFT_AT = time(11, 40), time(11, 50)


def fill_the_desk(stage: Stage) -> None:
    """Chapter 10. Raises StepFailed unless the desk is then as it should be."""
    stage.narrator.chapter("10  Another morning: what waits on the desk for you")
    with stage.narrator.hushed():
        _four_weeks_before(stage)
        _weeks_pass(stage)
        _the_morning(stage)
        stage.advance(_at(stage.today, LEFT_AT))
    for line in _left(stage):
        stage.narrator.note(line)


def _four_weeks_before(stage: Stage) -> None:
    day = stage.today + timedelta(days=1)
    for guest in BEGAN:
        _arrives(stage, guest, day)
    _are_seen(stage, *BEGAN, kind="first")
    for guest in BEGAN:
        physician, patient = stage.people[guest.physician], stage.people[guest.key]
        _is_planned(stage, guest, daily_mg=20)
        physician.proves_identity(stage.password)
        row = submit(stage, patient)
        approved = physician.does("approves", f"/v1/prescriptions/{row['id']}/approve", on=row)
        claimed = claim(stage.ginza, approved)
        hand_over(stage.ginza, claimed, claimed["capsules"], "hands over")
    stage.known["desk_began_on"] = day


def _weeks_pass(stage: Stage) -> None:
    for week in (1, 2):
        stage.morning_of(stage.known["desk_began_on"] + timedelta(weeks=week))
        for guest in BEGAN:
            patient = stage.people[guest.key]
            for asked in _until_asked(stage, patient):
                path = f"/v1/check_ins/{asked['id']}/answer"
                patient.does("answers the check-in", path, guest.check_in(week), on=asked)


def _until_asked(stage: Stage, patient: Person) -> list[Json]:
    found: list[Json] = stage.until(
        f"{patient.name} is asked", lambda: patient.all("/v1/check_ins", status="open")
    )
    return found


def _the_morning(stage: Stage) -> None:
    day = stage.known["desk_began_on"] + timedelta(days=ON_TREATMENT)
    stage.morning_of(day, hour=9)
    for guest in CAME_TODAY:
        _arrives(stage, guest, day)
    _books(stage, SHOTA, day)
    _are_seen(stage, SHOTA, kind="follow_up")
    _is_planned(stage, SHOTA, priority="urgent")
    submit(stage, stage.shota)
    for seen_now in ((SAKURA, MITSUKI), (DAISUKE,)):
        _are_seen(stage, *seen_now, kind="first")
        for guest in seen_now:
            _is_planned(stage, guest)
            submit(stage, stage.people[guest.key])
    stage.advance(_at(day, REPORTED))
    stage.yui.does("reports headache and blurred vision", "/v1/check_ins", RED_FLAG, expect=201)


def _arrives(stage: Stage, guest: Guest, day: date) -> None:
    patient = stage.person(guest.key, guest.called, guest.email)
    patient.known["physician"] = guest.physician
    sign_up(stage, patient, guest.profile)
    answer(patient, guest.answers, with_a_pause=False)
    sign_all(patient)
    _books(stage, guest, day)


def _books(stage: Stage, guest: Guest, day: date) -> None:
    patient = stage.people[guest.key]
    begins = rfc3339(_at(day, guest.slot))
    physician = stage.people[guest.physician].known["staff_member"]
    patient.known["visit"] = book_slot(patient, physician, begins)


def _are_seen(stage: Stage, *guests: Guest, kind: str) -> None:
    """Visits at one hour, each by another physician, and what is measured at them."""
    visits = {guest: stage.people[guest.key].known["visit"] for guest in guests}
    stage.advance(datetime.fromisoformat(visits[guests[0]]["starts_at"]))
    how = {"mode": "video", "kind": kind, "history": "records"}
    for guest, visit in visits.items():
        path = f"/v1/visits/{visit['id']}/start"
        visits[guest] = stage.people[guest.physician].does("starts", path, how, on=visit)
    stage.minutes(12)
    said = {**CHECKLIST, "in_person_first_done": False}
    for guest, started in visits.items():
        path, patient = f"/v1/visits/{started['id']}/complete", stage.people[guest.key]
        physician = stage.people[guest.physician]
        patient.known["visit"] = physician.does("ends", path, said, on=started)
        _is_measured(stage, guest, patient)


def _is_measured(stage: Stage, guest: Guest, patient: Person) -> None:
    today = stage.today.isoformat()
    yesterday = (stage.today - timedelta(days=1)).isoformat()
    note(stage, patient, "weights", "weight", kg=guest.kg, taken_on=today)
    for analyte, value, unit, uln in guest.labs(is_first="course" not in patient.known):
        result = {"analyte": analyte, "value": value, "unit": unit, "uln": uln, "fasting": True}
        note(stage, patient, "lab_results", analyte, taken_on=yesterday, **result)
    if guest.is_tested:
        test = {"taken_on": yesterday, "result": "negative", "setting": "clinic"}
        note(stage, patient, "pregnancy_tests", "a test", **test)
    if guest.is_woman:
        used = {"methods": guest.answers["contraception_methods"], "declined": False}
        value = {"abstinence": guest.answers["abstinence"], **used}
        note(stage, patient, "statements", "contraception", topic="contraception", value=value)
    if "course" in patient.known:
        skin = {"iga": 2, "lesions_now": 15}
        note(stage, patient, "statements", "skin", topic="skin_assessment", value=skin)
    else:
        keys = ("indication", "severity", "scarring", "prior_treatment_failed")
        acne = {key: ANSWERS[key] for key in keys} | {"lesions_baseline": 38}
        note(stage, patient, "statements", "acne", topic="acne", value=acne)


def _is_planned(stage: Stage, guest: Guest, *, daily_mg: int = 0, **more: str) -> None:
    """A course where there is none yet, and a draft."""
    patient = stage.people[guest.key]
    if "course" not in patient.known:
        about = {"patient": patient.known["profile"]["id"], "indication": "acne"}
        physician = stage.people[guest.physician]
        patient.known["course"] = physician.does("plans", "/v1/courses", about, expect=201)
    drafted = draft(stage, patient, daily_mg=daily_mg or guest.daily_mg, **more)
    patient.known["prescription"] = drafted


def _left(stage: Stage) -> list[str]:
    """What is on the desk now, in words."""
    said = {key: _assessment(stage, stage.people[key]) for key in WAITING}
    decisions = {key: found["decision"] for key, found in said.items()}
    if decisions != WAITING:
        reasons = {key: [f["rule"] for f in found["findings"]] for key, found in said.items()}
        raise StepFailed(f"the desk should hold {WAITING}, not {decisions}: {reasons}")
    urgent = [t for t in stage.sato.all("/v1/tasks", status="open") if t["priority"] == "urgent"]
    if len(urgent) != 1:
        raise StepFailed(f"one urgent task should be open, not {len(urgent)}")
    stage.known["desk"] = [("waiting for a physician", "4 prescriptions, 1 urgent task, 1 visit")]
    return [
        "高橋 翔太 needs his second month: everything is clear, Dr Sato can approve it",
        "小林 さくら comes for the first time: her pregnancy test is missing",
        "加藤 美月 comes for the first time, to Dr Suzuki, who can approve it",
        "伊藤 大輔 had a depression: a second physician has to look",
        "渡辺 結衣 reports headache and blurred vision: an urgent task",
        "松本 葵 will be seen by video at noon",
    ]


def _assessment(stage: Stage, patient: Person) -> Json:
    """What the rules say to the physician who treats the patient (J-20 asks who imported)."""
    path = f"/v1/prescriptions/{patient.known['prescription']['id']}/assessment"
    return stage.people[stage.treating(patient)].get(path)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, TOKYO)
