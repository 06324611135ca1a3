"""D-01 to D-14, D-19: how much, for how long, for whom."""

from fractions import Fraction

from backend.protocol.ask import Ask, rule
from backend.protocol.days import age, days_between, whole_days
from backend.protocol.dose import daily_dose, newest_weight, unmicronised_dose, weight_before
from backend.protocol.exact import exact
from backend.protocol.findings import Level
from backend.protocol.vocabulary import FULMINANS_RISKS

US = {"us"}


@rule("D-01", "P")
def first_dose(ask: Ask) -> None:
    """D-01: first dose above 0.5 mg/kg/day -> warn; not micronised. UK SmPC 4.2."""
    if not ask.pending():
        return
    dose = unmicronised_dose(ask)
    if dose is not None and dose > ask.pack_number("start_dose"):
        ask.say(Level.WARN, dose=dose, start=ask.pack_number("start_dose"))


@rule("D-02", "P")
def usual_range(ask: Ask) -> None:
    """D-02: below 0.5 mg/kg/day -> warn; above 1 -> senior (US: D-03); not micronised. F14."""
    dose = unmicronised_dose(ask)
    if dose is None:
        return
    if dose < ask.pack_number("usual_dose_lowest"):
        ask.say(Level.WARN, "low", dose=dose)
    if dose > ask.pack_number("usual_dose_highest") and ask.programme != "us":
        ask.say(Level.SENIOR, "high", dose=dose)


@rule("D-03", "P")
def highest_dose(ask: Ask) -> None:
    """D-03: above 2 mg/kg/day -> block; 1 to 2 only adults with very severe disease. F15."""
    dose = unmicronised_dose(ask)
    if dose is None or dose <= ask.pack_number("usual_dose_highest"):
        return
    highest = ask.pack_number("highest_dose")
    if dose > highest:
        ask.say(Level.BLOCK, dose=dose, highest=highest)
        return
    adult, grounds, known = _grounds_for_more(ask)
    if adult and grounds:
        ask.say(Level.SENIOR, dose=dose)
    elif known:
        ask.say(Level.HOLD, dose=dose)


def _grounds_for_more(ask: Ask) -> tuple[bool, bool, bool]:
    """Adult; very severe (IGA 4), truncal nodules or scarring; whether all of it is known."""
    birth_on = ask.day("patient.birth_on")
    iga, scarring = ask.whole("course.iga"), ask.flag("course.scarring")
    truncal = bool(ask.any_of("patient.conditions", {"truncal_nodules"}))
    adult = birth_on is not None and age(birth_on, ask.today) >= ask.pack_number("adult_age")
    severe = iga is not None and iga >= ask.pack_number("severe_iga")
    return adult, severe or bool(scarring) or truncal, not ask.missing


@rule("D-04", "P", US)
def divided(ask: Ask) -> None:
    """D-04: once daily is not recommended in US -> warn. F15."""
    if ask.whole("prescription.doses_per_day") == 1:
        ask.say(Level.WARN, because=["prescription.doses_per_day"])


@rule("D-05", "P")
def food_before_increase(ask: Ask) -> None:
    """D-05: running, dose increased and not taken with food -> warn; not lidose. F15."""
    if not ask.running() or ask.code("prescription.product") == "lidose":
        return
    daily, last = ask.number("prescription.daily_mg"), ask.number("course.last_daily_mg")
    if daily is None or last is None or daily <= last:
        return
    if ask.flag("course.taken_with_food") is False:
        ask.say(Level.WARN, daily_mg=daily, last_daily_mg=last)


@rule("D-06", "P", US)
def micronised(ask: Ask) -> None:
    """D-06: micronised 0.4-0.8 mg/kg/day, never above 1.6; no mg-for-mg switch. F15."""
    product = ask.code("prescription.product")
    dose = daily_dose(ask)
    if product == "micronised" and dose is not None:
        _micronised_dose(ask, dose)
    if not ask.running():
        return
    last_product = ask.code("course.last_product")
    if product is None or last_product is None or product == last_product:
        return
    if "micronised" in (product, last_product):
        last_mg = ask.number("course.last_daily_mg")
        if last_mg is not None and last_mg == ask.case.prescription.daily_mg:
            ask.say(Level.BLOCK, "switch", product=product, last_product=last_product)


def _micronised_dose(ask: Ask, dose: Fraction) -> None:
    lowest, usual = (
        ask.pack_number("micronised_lowest"),
        ask.pack_number("micronised_usual_highest"),
    )
    if dose > ask.pack_number("micronised_highest"):
        ask.say(Level.BLOCK, "too_high", dose=dose, highest=ask.pack_number("micronised_highest"))
    elif not lowest <= dose <= usual:
        ask.say(Level.WARN, dose=dose, lowest=lowest, usual=usual)


@rule("D-07", "P")
def long_course(ask: Ask) -> None:
    """D-07: beyond 20 weeks (US) or 24 weeks (others) since the first dose -> senior. F15, F43."""
    if not ask.running():
        return
    days = ask.days_since_start()
    if days is not None and days >= ask.pack_days("long_course_from"):
        ask.say(Level.SENIOR, days=days, limit=ask.pack_days("long_course_from"))


@rule("D-08", "P")
def cumulative(ask: Ask) -> None:
    """D-08: dispensed and this supply over the newest weight; >150 warn, >220 mg/kg senior. F19."""
    daily_mg, days = ask.number("prescription.daily_mg"), ask.number("prescription.days")
    dispensed_mg = ask.number("course.dispensed_mg")
    weight = newest_weight(ask.listed("patient.weights"))
    if daily_mg is None or days is None or dispensed_mg is None or weight is None:
        return
    total_mg = exact(dispensed_mg) + exact(daily_mg) * whole_days(days)
    per_kg = total_mg / exact(weight.kg)
    if per_kg > ask.pack_number("cumulative_senior_above"):
        ask.say(Level.SENIOR, mg_per_kg=per_kg, total_mg=total_mg)
    elif per_kg > ask.pack_number("cumulative_warn_above"):
        ask.say(Level.WARN, mg_per_kg=per_kg, total_mg=total_mg)


@rule("D-09", "P", US)
def early_stop(ask: Ask) -> None:
    """D-09: lesions down by more than 70% before 20 weeks -> counsel, may stop. F15."""
    baseline, now = ask.case.course.lesions_baseline, ask.case.course.lesions_now
    if not ask.running() or baseline is None or now is None:
        return
    days = ask.days_since_start()
    if days is None or days >= ask.pack_days("early_stop_before"):
        return
    if baseline > 0 and Fraction(baseline - now, baseline) > ask.pack_number(
        "early_stop_fall_above"
    ):
        ask.say(Level.COUNSEL, baseline=baseline, now=now)


@rule("D-10", "P", {"jp"})
def low_dose(ask: Ask) -> None:
    """D-10: below 0.5 mg/kg/day more relapse -> warn. Patient text; AAD 2024."""
    dose = daily_dose(ask)
    if dose is not None and dose < ask.pack_number("usual_dose_lowest"):
        ask.say(Level.WARN, dose=dose)


@rule("D-11", "P")
def renal(ask: Ask) -> None:
    """D-11: severe renal impairment; start at 10 mg/day at most -> hold, else by pack. SmPC."""
    impaired = ask.any_of("patient.conditions", {"renal_severe"})
    if ask.programme == "us":
        if impaired:
            ask.say(ask.pack.level("D-11"), "impaired", conditions=impaired)
        return
    pending = ask.pending()
    daily_mg = ask.number("prescription.daily_mg")
    if not impaired:
        return
    highest = ask.pack_number("renal_start_highest")
    if pending and daily_mg is not None and daily_mg > highest:
        ask.say(Level.HOLD, daily_mg=daily_mg, highest=highest)
    else:
        ask.say(ask.pack.level("D-11"), "impaired", conditions=impaired)


@rule("D-13", "P")
def fulminans_risk(ask: Ask) -> None:
    """D-13: pending, truncal nodules, ulcers or sinus tracts; from 0.5 -> hold, below senior."""
    if not ask.pending():
        return
    risks = ask.any_of("patient.conditions", FULMINANS_RISKS)
    dose = daily_dose(ask)
    if not risks or dose is None:
        return
    level = Level.HOLD if dose >= ask.pack_number("fulminans_dose_below") else Level.SENIOR
    ask.say(level, dose=dose, risks=risks)


@rule("D-14", "P")
def rosacea_dose(ask: Ask) -> None:
    """D-14: rosacea, off-label; above 0.3 mg/kg/day -> hold, else senior. F44."""
    indication = ask.code("course.indication")
    dose = daily_dose(ask)
    if indication != "rosacea" or dose is None:
        return
    highest = ask.pack_number("rosacea_highest_dose")
    ask.say(Level.HOLD if dose > highest else Level.SENIOR, dose=dose, highest=highest)


@rule("D-19", "P")
def weight(ask: Ask) -> None:
    """D-19: a weight of at most 30 days, else hold; changed by 10% or more -> warn. DESIGN."""
    weights = ask.listed("patient.weights")
    if weights is None:
        return
    newest = newest_weight(weights)
    if newest is None:
        ask.say(Level.HOLD, "none", ["patient.weights"])
        return
    if days_between(newest.on, ask.today) > ask.pack_days("weight_age_highest"):
        ask.say(Level.HOLD, "old", on=newest.on)
    before = weight_before(weights, newest)
    if before and abs(newest.kg - before.kg) >= ask.pack_number("weight_change_from") * before.kg:
        ask.say(Level.WARN, kg=newest.kg, before_kg=before.kg)
