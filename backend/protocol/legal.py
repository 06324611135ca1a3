"""J- rules: the visit, identity and the Japanese legal frame."""

from backend.protocol.ask import Ask, rule
from backend.protocol.days import last_day
from backend.protocol.findings import Level
from backend.protocol.vocabulary import DISCLOSURES

JP = {"jp"}
NOT_IMPORTED = "none"


def _is_video(ask: Ask) -> bool:
    """Asked of a video visit only; an unknown mode is J-04's hold alone."""
    return ask.case.visit.mode == "video"


def _hold_unless(ask: Ask, path: str) -> None:
    """Hold if this was not done."""
    if ask.flag(path) is False:
        ask.say(Level.HOLD, because=[path])


def _hold_without_consent(ask: Ask, code: str) -> None:
    consents = ask.listed("visit.consents")
    if consents is not None and code not in consents:
        ask.say(Level.HOLD, because=["visit.consents"])


@rule("J-04", "P")
def real_time(ask: Ask) -> None:
    """J-04: video or in person, else by pack; JP video at least 180 s. 医師法20条; F36."""
    mode = ask.code("visit.mode")
    if mode is not None and mode not in ("video", "in_person"):
        ask.say(ask.pack.level("J-04"), "mode", mode=mode)
    if ask.programme != "jp" or mode != "video":
        return
    seconds = ask.whole("visit.video_seconds")
    lowest = ask.pack_days("online_video_lowest")
    if seconds is not None and seconds < lowest:
        ask.say(Level.HOLD, "short", seconds=seconds, lowest=lowest)


def _first_video_history(ask: Ask) -> str | None:
    """The evidence of a first video visit; `None` if not asked or unknown."""
    if not _is_video(ask) or ask.code("visit.kind") != "first":
        return None
    return ask.code("visit.history")


@rule("J-06", "P", JP)
def first_visit_evidence(ask: Ask) -> None:
    """J-06: a first video visit without records or consultation -> warn, J-07 applies. F33d."""
    if _first_video_history(ask) == "none":
        ask.say(Level.WARN, because=["visit.history"])


@rule("J-07", "P", JP)
def first_visit_supply(ask: Ask) -> None:
    """J-07: a first video visit without history: at most 7 days, else hold. F32."""
    if not _is_video(ask) or ask.code("visit.kind") != "first":
        return
    history, days = ask.code("visit.history"), ask.number("prescription.days")
    highest = ask.pack_number("first_visit_supply_highest")
    if history == "none" and days is not None and days > highest:
        ask.say(Level.HOLD, days=days, highest=highest)


@rule("J-08", "P", JP)
def day_seven(ask: Ask) -> None:
    """J-08: from 7 days since start the day-7 check-in is done, else hold. F32."""
    if not ask.running():
        return
    days = ask.days_since_start()
    if days is not None and days >= ask.pack_days("day7_checkin_due_from"):
        _hold_unless(ask, "course.day7_checkin_done")


@rule("J-09", "P", JP)
def care_plan(ask: Ask) -> None:
    """J-09: video; 診療計画 agreed before the start, else hold. F33."""
    if _is_video(ask):
        _hold_unless(ask, "visit.care_plan_agreed")


@rule("J-10", "P", JP)
def online_consent(ask: Ask) -> None:
    """J-10: video; consent to online care signed, else hold. F33."""
    if _is_video(ask):
        _hold_without_consent(ask, "online_care")


@rule("J-11", "P")
def identity(ask: Ask) -> None:
    """J-11: the patient's identity is verified, else hold. F33b."""
    _hold_unless(ask, "visit.identity_verified")


@rule("J-12", "P", JP)
def privacy(ask: Ask) -> None:
    """J-12: video; privacy of the place confirmed, else hold. F33c."""
    if _is_video(ask):
        _hold_unless(ask, "visit.privacy_confirmed")


@rule("J-13", "P", JP)
def hospital(ask: Ask) -> None:
    """J-13: an accepting hospital is arranged, else hold. F35."""
    _hold_unless(ask, "visit.hospital_arranged")


@rule("J-14", "P", JP)
def training(ask: Ask) -> None:
    """J-14: video; the physician's online training is done, else hold. Guideline."""
    if _is_video(ask):
        _hold_unless(ask, "prescriber.online_training_done")


@rule("J-17", "D", JP)
def prescription_validity(ask: Ask) -> None:
    """J-17: pharmacy route; 4 days, issue day = day 1, else hold. F38."""
    route = ask.code("prescription.route")
    if route == "in_house":
        return
    issued_on = ask.day("prescription.issued_on")
    if route is None or issued_on is None:
        return
    last_on = last_day(issued_on, ask.pack_days("prescription_validity"))
    if ask.today > last_on:
        ask.say(Level.HOLD, issued_on=issued_on, last_on=last_on)


@rule("J-20", "PD")
def imported_lot(ask: Ask) -> None:
    """J-20: an imported lot is for its importer, in-house (JP); elsewhere -> block. F29, F30."""
    importer = ask.code("prescription.lot_importer")
    if importer is None:
        return
    if ask.programme != "jp":
        if importer != NOT_IMPORTED:
            ask.say(Level.BLOCK, "unapproved", importer=importer)
        return
    if importer == NOT_IMPORTED:
        ask.say(Level.WARN, because=["prescription.lot_importer"])
        return
    prescriber, route = ask.code("prescriber.code"), ask.code("prescription.route")
    if prescriber is not None and prescriber != importer:
        ask.say(Level.BLOCK, "importer", importer=importer, prescriber=prescriber)
    if route is not None and route != "in_house":
        ask.say(Level.BLOCK, "route", importer=importer, route=route)


@rule("J-21", "P", JP)
def disclosures(ask: Ask) -> None:
    """J-21: all eight disclosures shown and acknowledged, else hold. F37."""
    shown = ask.listed("visit.disclosures")
    if shown is not None and (lacking := DISCLOSURES - set(shown)):
        ask.say(Level.HOLD, lacking=lacking)


@rule("J-22", "I", JP)
def contract(ask: Ask) -> None:
    """J-22: aesthetic plan over 1 month and 50,000 yen with "no refund" -> hold. 特商法; F41."""
    if not ask.flag("plan.aesthetic"):
        return
    months, price = ask.number("plan.months"), ask.whole("plan.price_yen")
    clause = ask.flag("plan.no_refund_clause")
    if months is None or price is None or not clause:
        return
    long = months > ask.pack_number("contract_months_above")
    if long and price > ask.pack_number("contract_price_above"):
        ask.say(Level.HOLD, months=months, price_yen=price)


@rule("J-25", "P", JP)
def personal_data(ask: Ask) -> None:
    """J-25: consent to the use of health data signed, else hold. APPI."""
    _hold_without_consent(ask, "personal_data")
