"""P-JP-: the clinic's own pregnancy policy. Japan has no statutory programme; label it so."""

from backend.protocol.ask import Ask, rule
from backend.protocol.case import PregnancyTest
from backend.protocol.days import last_day
from backend.protocol.findings import Level
from backend.protocol.pregnancy_tests import SUPERVISED, newest_negative


@rule("P-JP-02", "PD", {"jp"})
def test_window(ask: Ask) -> None:
    """P-JP-02: can; a negative test of at most 7 days, the test day is day 1, else hold. DESIGN."""
    if not ask.can:
        return
    tests = ask.listed("pregnancy_tests")
    if tests is None:
        return
    test = newest_negative(tests)
    if test is None:
        ask.say(Level.HOLD, "none", ["pregnancy_tests"])
        return
    last_on = last_day(test.taken_on, ask.pack_days("test_window"))
    if ask.today > last_on:
        ask.say(Level.HOLD, "old", taken_on=test.taken_on, last_on=last_on)


def _good_enough(test: PregnancyTest, status: str | None) -> bool:
    """Supervised before the first dose; later a home test with a code too."""
    if test.setting in SUPERVISED:
        return True
    return status != "not_started" and test.coded


@rule("P-JP-06", "PD", {"jp"})
def test_setting(ask: Ask) -> None:
    """P-JP-06: can; before the first dose a supervised test, later home if coded. DESIGN."""
    if not ask.can:
        return
    status = ask.status()
    test = newest_negative(ask.listed("pregnancy_tests"))
    if test is None or status not in ("not_started", "running"):
        return
    if not _good_enough(test, status):
        answer = "first" if status == "not_started" else "uncoded"
        ask.say(Level.HOLD, answer, taken_on=test.taken_on)


@rule("P-JP-04", "P", {"jp"})
def first_capsule(ask: Ask) -> None:
    """P-JP-04: can, first dose pending; start on day 2 or 3 of menses -> counsel. F43."""
    if ask.can and ask.pending():
        ask.say(Level.COUNSEL, because=["course.status"])
