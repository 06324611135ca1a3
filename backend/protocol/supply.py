"""D-16 to D-18: capsules and days of supply."""

from backend.protocol.ask import Ask, rule
from backend.protocol.capsules import reachable
from backend.protocol.findings import Level


@rule("D-16", "P")
def capsules(ask: Ask) -> None:
    """D-16: the product is of the pack and the daily mg a sum of its capsules, else hold. F15c."""
    product = ask.code("prescription.product")
    daily_mg = ask.number("prescription.daily_mg")
    if product is None:
        return
    if product not in ask.pack.choices["products"]:
        ask.say(Level.HOLD, "product", product=product)
        return
    kind = "micronised" if product == "micronised" else "standard"
    strengths = ask.pack.choices[f"capsules_{kind}_mg"]
    if daily_mg is not None and not reachable(daily_mg, strengths):
        listed = "/".join(str(strength) for strength in strengths)
        ask.say(Level.HOLD, daily_mg=daily_mg, strengths=listed)


@rule("D-17", "PD")
def at_most_thirty_days(ask: Ask) -> None:
    """D-17: more than 30 days -> block (US all; UK/EU if can, exempt too; JP cannot: hold). F8."""
    days = ask.number("prescription.days")
    if days is None or days <= ask.pack_number("supply_highest"):
        return
    if ask.can or ask.programme == "us":
        ask.say(Level.BLOCK, days=days)
    elif ask.programme == "jp":
        ask.say(Level.HOLD, days=days)


@rule("D-18", "PD")
def days_not_weeks(ask: Ask) -> None:
    """D-18: a whole number of days from 1 to 30, else hold, whoever the patient is. F50."""
    days = ask.number("prescription.days")
    if days is None:
        return
    whole = days == days.to_integral_value()
    if not whole or not 1 <= days <= ask.pack_number("supply_highest"):
        ask.say(Level.HOLD, days=days, highest=ask.pack_number("supply_highest"))
