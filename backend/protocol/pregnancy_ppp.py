"""P-PP-: the European pregnancy prevention programme (UK, EU)."""

from backend.protocol.ask import Ask, rule
from backend.protocol.case import PregnancyTest
from backend.protocol.days import add_days, last_day
from backend.protocol.findings import Level
from backend.protocol.pregnancy_tests import SUPERVISED, newest

PPP = {"uk", "eu"}


@rule("P-PP-01", "IP", PPP)
def severe_and_resistant(ask: Ask) -> None:
    """P-PP-01: severe acne resistant to systemic antibiotic and topical, else hold; UK attested."""
    indication = ask.code("course.indication")
    if indication not in ("acne", "cosmetic"):
        return
    severity = ask.code("course.severity")
    failed = ask.listed("course.prior_treatment_failed")
    resistant = failed is None or {"systemic_antibiotic", "topical"} <= set(failed)
    if (severity is not None and severity != "severe") or not resistant:
        ask.say(Level.HOLD, severity=severity, failed=failed or ())
    attests = ask.programme == "uk" and ask.at("prescribe")
    if attests and ask.flag("course.no_other_treatment_attested") is False:
        ask.say(Level.HOLD, "not_attested", ["course.no_other_treatment_attested"])


@rule("P-PP-02", "P", PPP)
def expertise(ask: Ask) -> None:
    """P-PP-02: a prescriber with retinoid expertise, else hold. F24."""
    if ask.flag("prescriber.retinoid_expert") is False:
        ask.say(Level.HOLD, because=["prescriber.retinoid_expert"])


def _why_not(test: PregnancyTest) -> str:
    """Why the newest test does not do, apart from its age; empty if it does."""
    if test.result != "negative":
        return "not_negative"
    return "" if test.setting in SUPERVISED else "home"


@rule("P-PP-05", "P", PPP)
def test_timing(ask: Ask) -> None:
    """P-PP-05: can, not exempt; a supervised negative test from visit day - 3, else hold. F11."""
    if not ask.can or ask.exempt:
        return
    visit_on = ask.day("visit.on")
    tests = ask.listed("pregnancy_tests")
    if tests is None:
        return
    test = newest(tests)
    if test is None:
        ask.say(Level.HOLD, "none", ["pregnancy_tests"])
        return
    if why := _why_not(test):
        ask.say(Level.HOLD, why, taken_on=test.taken_on, result=test.result, setting=test.setting)
    if visit_on is None:
        return
    first_on = add_days(visit_on, -ask.pack_days("test_before_visit"))
    if test.taken_on < first_on:
        ask.say(Level.HOLD, "old", taken_on=test.taken_on, first_on=first_on)


@rule("P-PP-06", "D", PPP)
def script_window(ask: Ask) -> None:
    """P-PP-06: can, not exempt; within 7 days, issue day = day 1, else block. F24, F25."""
    if not ask.can or ask.exempt:
        return
    issued_on = ask.day("prescription.issued_on")
    if issued_on is None:
        return
    last_on = last_day(issued_on, ask.pack_days("script_window"))
    if ask.today > last_on:
        ask.say(Level.BLOCK, issued_on=issued_on, last_on=last_on)


@rule("P-PP-08", "P", PPP)
def acknowledgement_of_risk(ask: Ask) -> None:
    """P-PP-08: the Acknowledgement of Risk is signed, else hold. F10, F13."""
    everyone = ask.pack.choice("acknowledgement_of") == "everyone"
    if not everyone and (not ask.can or ask.exempt):
        return
    consents = ask.listed("visit.consents")
    if consents is not None and "acknowledgement_of_risk" not in consents:
        ask.say(Level.HOLD, because=["visit.consents"])


@rule("P-PP-09", "P", PPP)
def mood_and_sexual_function(ask: Ask) -> None:
    """P-PP-09: mood and sexual function asked at each visit, else by pack. F12, F11, F23."""
    asked = {
        "mood": ask.flag("visit.mood_asked"),
        "sexual_function": ask.flag("visit.sexual_function_asked"),
    }
    if lacking := [name for name, done in asked.items() if done is False]:
        ask.say(ask.pack.level("P-PP-09"), "not_asked", lacking=lacking)


@rule("P-PP-10", "P", PPP)
def in_person_first(ask: Ask) -> None:
    """P-PP-10: UK; the first appointment was in person, else hold. F11."""
    if ask.flag("visit.in_person_first_done") is False:
        ask.say(Level.HOLD, because=["visit.in_person_first_done"])
