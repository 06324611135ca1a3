"""T- rules and C-23: weak response, the end of a course, whether a second one may follow."""

from fractions import Fraction

from backend.protocol.ask import Ask, rule
from backend.protocol.days import add_days, months_after
from backend.protocol.findings import Level


@rule("T-11", "P")
def weak_response(ask: Ask) -> None:
    """T-11: 84 days since start and lesions down by less than 30% -> senior. DESIGN L."""
    if not ask.running():
        return
    days = ask.days_since_start()
    if days is None or days < ask.pack_days("weak_response_from"):
        return
    baseline, now = ask.whole("course.lesions_baseline"), ask.whole("course.lesions_now")
    if not baseline or now is None:
        return
    if Fraction(baseline - now, baseline) < ask.pack_number("weak_response_below"):
        ask.say(Level.SENIOR, baseline=baseline, now=now)


@rule("C-23", "C")
def blood_donation(ask: Ask) -> None:
    """C-23: wishes to give blood while running or before M(last dose) -> counsel no. F42, F8."""
    wish = ask.flag("checkin.wants_blood_donation")
    status = ask.status()
    if not wish:
        return
    if status == "running":
        ask.say(Level.COUNSEL, because=["checkin.wants_blood_donation", "course.status"])
        return
    ended_on = ask.day("course.ended_on") if status == "ended" else None
    if ended_on is not None and ask.today < ask.month_after(ended_on):
        ask.say(Level.COUNSEL, "ended", release_on=ask.month_after(ended_on))


@rule("T-20", "SP")
def time_off(ask: Ask) -> None:
    """T-20: 56 days (US: 2 calendar months) since the last dose of the course before. F15, F43."""
    if ask.at("prescribe"):
        if not ask.pending():
            return
        number = ask.whole("course.number")
        if number is None or number < 2:
            return
    ended_on = ask.day("course.previous.ended_on")
    if ended_on is None:
        return
    if ask.programme == "us":
        first_on = months_after(ended_on, ask.pack_days("retreat_after_months"))
    else:
        first_on = add_days(ended_on, ask.pack_days("retreat_after_days"))
    if ask.today < first_on:
        ask.say(Level.BLOCK, ended_on=ended_on, first_on=first_on)


@rule("T-21", "S")
def relapse_grade(ask: Ask) -> None:
    """T-21: IGA 3 or more, or a scarring relapse; else mild -> block, topicals (S-11)."""
    iga, scarring = ask.whole("course.iga"), ask.flag("course.scarring")
    severe = iga is not None and iga >= ask.pack_days("relapse_iga_from")
    if severe or scarring or iga is None or scarring is None:
        return
    ask.say(Level.BLOCK, because=["course.scarring"], iga=iga)


@rule("T-22", "S")
def first_course_dose(ask: Ask) -> None:
    """T-22: the first course's dose; below 120 mg/kg favours a second -> counsel, else warn."""
    per_kg = ask.number("course.previous.dispensed_mg_per_kg")
    if per_kg is None:
        return
    low = per_kg < ask.pack_number("cumulative_target_lowest")
    ask.say(Level.COUNSEL if low else Level.WARN, mg_per_kg=per_kg)


@rule("T-23", "S")
def fresh_start(ask: Ask) -> None:
    """T-23: fresh baseline, full enrolment, one month of contraception -> counsel."""
    ask.say(Level.COUNSEL, because=["course.number"])


@rule("T-24", "SP")
def third_course(ask: Ask) -> None:
    """T-24: third or later course -> senior."""
    if ask.at("prescribe") and not ask.pending():
        return
    number = ask.whole("course.number")
    if number is not None and number >= ask.pack_days("third_course_from"):
        ask.say(Level.SENIOR, number=number)


@rule("T-25", "PD")
def ended_course(ask: Ask) -> None:
    """T-25: the course has ended -> block; a further course is a new intake. DESIGN."""
    if ask.status() == "ended":
        ask.say(Level.BLOCK, because=["course.status"])
