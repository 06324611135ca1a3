"""P- and C-01 rules that every programme shares: category, pregnancy found, final test."""

from backend.protocol.ask import Ask, rule
from backend.protocol.category import is_cannot
from backend.protocol.findings import Level
from backend.protocol.pregnancy_tests import newest


@rule("C-01", "IPD")
def pregnant(ask: Ask) -> None:
    """C-01: can; says she is pregnant, or the newest test is not negative -> block. F14, F1."""
    if not ask.can:
        return
    if ask.at("intake", "prescribe") and ask.flag("patient.pregnant"):
        ask.say(Level.BLOCK, "says", ["patient.pregnant"])
    tests = ask.case.pregnancy_tests
    test = newest(tests if ask.at("intake") else ask.listed("pregnancy_tests"))
    if test and test.result != "negative":
        ask.say(Level.BLOCK, "test", result=test.result, taken_on=test.taken_on)


def _category(ask: Ask) -> None:
    """Unknown, or cannot for a reason that is not accepted -> hold, and asked as for can."""
    if ask.flag("patient.can_become_pregnant") is not False:
        return
    reason = ask.code("patient.cannot_reason")
    if reason is not None and not is_cannot(ask.case):
        ask.say(Level.HOLD, reason=reason)


@rule("P-JP-01", "IPDC", {"jp"})
def category_jp(ask: Ask) -> None:
    """P-JP-01: can or cannot become pregnant; the reason must be accepted. DESIGN."""
    _category(ask)


@rule("P-US-01", "IPDC", {"us"})
def category_us(ask: Ask) -> None:
    """P-US-01: can or cannot get pregnant (gender-neutral since 2021-12-13). F9, F8."""
    _category(ask)


@rule("P-PP-07", "IPDC", {"uk", "eu"})
def exemption(ask: Ask) -> None:
    """P-PP-07: exempt only if documented; cannot without a document -> hold (P D). F14."""
    _category(ask)
    if not ask.at("prescribe", "dispense") or ask.male:
        return
    if ask.exempt:
        ask.say(Level.WARN, because=["programme.exemption_documented"])
    if ask.case.patient.can_become_pregnant is not False:
        return
    if ask.case.patient.cannot_reason is None:
        return
    documented = ask.flag("programme.exemption_documented")
    if is_cannot(ask.case) and documented is False:
        because = ["patient.cannot_reason", "programme.exemption_documented"]
        ask.say(Level.HOLD, "undocumented", because)


@rule("P-PP-11", "P", {"uk", "eu"})
def men(ask: Ask) -> None:
    """P-PP-11: men are not in the PPP; no sharing, no blood donation -> counsel. K."""
    if ask.male:
        ask.say(Level.COUNSEL, because=["patient.cannot_reason"])


def found_by_test(ask: Ask) -> None:
    """R-12 by a test: can; newest test positive while running, or before M(last dose)."""
    if not ask.can:
        return
    status = ask.status()
    if status not in ("running", "ended"):
        return
    test = newest(ask.listed("pregnancy_tests"))
    if test is None or test.result != "positive":
        return
    if status == "running":
        started_on = ask.day("course.started_on")
        exposed = started_on is not None and test.taken_on >= started_on
    else:
        ended_on = ask.day("course.ended_on")
        exposed = ended_on is not None and test.taken_on < ask.month_after(ended_on)
    if exposed:
        ask.say(Level.STOP, "test", taken_on=test.taken_on)


def pregnancy_found(ask: Ask) -> None:
    """R-12: at a check-in by the red flag, whoever answers; by a test for those who can."""
    if ask.at("checkin") and "pregnancy" in (ask.case.checkin.red_flags or ()):
        ask.say(Level.STOP, "reported", ["checkin.red_flags"])
    found_by_test(ask)


@rule("P-JP-08", "PDC", {"jp"})
def pregnancy_jp(ask: Ask) -> None:
    """P-JP-08: as R-12: stop, obstetric referral, PMDA report if indicated. DESIGN."""
    pregnancy_found(ask)


@rule("P-US-16", "PDC", {"us"})
def pregnancy_us(ask: Ask) -> None:
    """P-US-16: as R-12: stop, refer, report to iPLEDGE and MedWatch. F54."""
    pregnancy_found(ask)


@rule("P-PP-12", "PDC", {"uk", "eu"})
def pregnancy_ppp(ask: Ask) -> None:
    """P-PP-12: as R-12: stop, teratology referral, national report. F14."""
    pregnancy_found(ask)


@rule("T-08", "C")
def final_test(ask: Ask) -> None:
    """T-08: can, ended; before M(last dose) go on with contraception, from then a final test.

    The release of contraception and of the blood donation lock. Also P-JP-05, P-JP-07, P-US-15.
    """
    if not ask.can or ask.status() != "ended":
        return
    ended_on = ask.day("course.ended_on")
    tests = ask.listed("pregnancy_tests")
    if ended_on is None:
        return
    release_on = ask.month_after(ended_on)
    if ask.today < release_on:
        ask.say(Level.COUNSEL, release_on=release_on)
        return
    final = [t for t in tests or () if t.result == "negative" and t.taken_on >= release_on]
    if tests is not None and not final:
        ask.say(Level.HOLD, release_on=release_on)
