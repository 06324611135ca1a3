"""P-US-: iPLEDGE. A block means that no authorisation can exist on these facts."""

from collections.abc import Sequence

from backend.protocol.ask import Ask, rule
from backend.protocol.case import PregnancyTest
from backend.protocol.days import add_days, days_between, last_day
from backend.protocol.findings import Level
from backend.protocol.pregnancy_tests import MEDICAL, SUPERVISED, newest, newest_negative

US = {"us"}


@rule("P-US-02", "PD", US)
def enrolment(ask: Ask) -> None:
    """P-US-02: prescriber or pharmacy certified, patient enrolled, consent, else block. F1."""
    enrolled = ask.flag("programme.patient_enrolled")
    if ask.at("dispense"):
        gaps = {"patient": enrolled, "pharmacy": ask.flag("programme.pharmacy_certified")}
    else:
        consents = ask.listed("visit.consents")
        signed = None if consents is None else "ipledge" in consents
        certified = ask.flag("programme.prescriber_certified")
        gaps = {"patient": enrolled, "prescriber": certified, "consent": signed}
    if lacking := [name for name, done in gaps.items() if done is False]:
        ask.say(Level.BLOCK, lacking=lacking)


def _two_tests(tests: Sequence[PregnancyTest], apart: int) -> bool:
    """The newest and one at least so many days before it are negative, in a medical setting."""
    last = newest(tests)
    if last is None or last.result != "negative" or last.setting not in MEDICAL:
        return False
    return any(
        test.result == "negative"
        and test.setting in MEDICAL
        and days_between(test.taken_on, last.taken_on) >= apart
        for test in tests
    )


@rule("P-US-07", "P", US)
def two_tests(ask: Ask) -> None:
    """P-US-07: can, pending; two negative medical tests at least 19 days apart, else block. F1."""
    if not ask.can or not ask.pending():
        return
    tests = ask.listed("pregnancy_tests")
    apart = ask.pack_days("two_tests_apart")
    if tests is not None and not _two_tests(tests, apart):
        ask.say(Level.BLOCK, apart=apart)


@rule("P-US-08", "PD", US)
def monthly_test(ask: Ask) -> None:
    """P-US-08: can, running; a test each time; home only coded and with opt-in, else block. F2."""
    if not ask.can or not ask.running():
        return
    tests = ask.listed("pregnancy_tests")
    test = newest(tests)
    if tests is not None and test is None:
        ask.say(Level.BLOCK, "none", ["pregnancy_tests"])
    if test is None or test.setting in SUPERVISED:
        return
    if ask.flag("programme.home_test_opt_in") is False or not test.coded:
        ask.say(Level.BLOCK, "home", taken_on=test.taken_on)


@rule("P-US-09", "PD", US)
def test_window(ask: Ask) -> None:
    """P-US-09: can; 7 days, specimen date = day 1, to 23:59 Eastern of day 7, else block. F8b."""
    if not ask.can:
        return
    tests = ask.listed("pregnancy_tests")
    if tests is None:
        return
    test = newest_negative(tests)
    if test is None:
        ask.say(Level.BLOCK, "none", ["pregnancy_tests"])
        return
    last_on = last_day(test.taken_on, ask.pack_days("test_window"))
    if ask.moment.eastern_today > last_on:
        ask.say(Level.BLOCK, "old", taken_on=test.taken_on, last_on=last_on)


@rule("P-US-10", "P", US)
def missed_first_window(ask: Ask) -> None:
    """P-US-10: can, pending, first window missed; lockout of 19 days or retest by pack. F3, F2."""
    if not ask.can or not ask.pending():
        return
    if ask.code("programme.first_window") != "missed":
        return
    opened_on = ask.day("programme.first_window_test_on")
    tests = ask.listed("pregnancy_tests")
    if tests is None:
        return
    test = newest(tests)
    if test is None:
        ask.say(Level.BLOCK, "none", ["pregnancy_tests", "programme.first_window"])
        return
    retest = ask.pack.choice("first_window_missed") == "immediate_retest"
    if retest and test.setting not in MEDICAL:
        ask.say(Level.BLOCK, "setting", taken_on=test.taken_on)
    if opened_on is None:
        return
    first_on = add_days(opened_on, 1 if retest else ask.pack_days("lockout"))
    if test.taken_on < first_on:
        ask.say(Level.BLOCK, "early", taken_on=test.taken_on, first_on=first_on)


@rule("P-US-11", "D", US)
def visit_window(ask: Ask) -> None:
    """P-US-11: cannot; 30 days from the visit, visit day = day 1, Eastern, else block. F8b, F4."""
    if ask.can:
        return
    visit_on = ask.day("visit.on")
    if visit_on is None:
        return
    last_on = last_day(visit_on, ask.pack_days("visit_window"))
    if ask.moment.eastern_today > last_on:
        ask.say(Level.BLOCK, visit_on=visit_on, last_on=last_on)


@rule("P-US-12", "P", US)
def counselling(ask: Ask) -> None:
    """P-US-12: cannot; counselled monthly or at enrolment, by pack, else hold. F2, F4."""
    if ask.can:
        return
    at_enrolment = ask.pack.choice("counselling_at") == "enrolment"
    if at_enrolment and not ask.pending():
        return
    counselled_on = ask.day("programme.counselled_on")
    if at_enrolment or counselled_on is None:
        return
    if days_between(counselled_on, ask.today) > ask.pack_days("counselling_age_highest"):
        ask.say(Level.HOLD, counselled_on=counselled_on)


@rule("P-US-13", "D", US)
def comprehension(ask: Ask) -> None:
    """P-US-13: can; questions answered since the newest test, both forms match, else block. F55."""
    if not ask.can:
        return
    test = newest(ask.listed("pregnancy_tests"))
    answered_on = ask.day("programme.comprehension_on")
    match = ask.flag("programme.forms_match")
    if test is None and ask.case.pregnancy_tests is not None:
        return
    if answered_on is not None and (
        answered_on > ask.today or (test is not None and answered_on < test.taken_on)
    ):
        ask.say(Level.BLOCK, "questions", answered_on=answered_on)
    if match is False:
        ask.say(Level.BLOCK, "forms", ["programme.forms_match"])


@rule("P-US-14", "D", US)
def authorisation(ask: Ask) -> None:
    """P-US-14: hand-over with the RMA, not after its Eastern date, else block. F9, F4."""
    if ask.code("dispense.step") != "hand_over":
        return
    if ask.flag("programme.rma_obtained") is False:
        ask.say(Level.BLOCK, "no_rma", ["programme.rma_obtained"])
    last_on = ask.day("programme.do_not_dispense_after")
    if last_on is not None and ask.moment.eastern_today > last_on:
        ask.say(Level.BLOCK, "late", last_on=last_on)
