"""W- rules: asked at the claim and again at the hand-over (W-01)."""

from backend.protocol.ask import Ask, rule
from backend.protocol.days import last_day
from backend.protocol.findings import Level


@rule("W-02", "D", {"jp", "uk", "eu"})
def visit_window(ask: Ask) -> None:
    """W-02: cannot, or exempt; within 30 days of the visit, visit day = day 1, else hold."""
    if ask.can and not ask.exempt:
        return
    visit_on = ask.day("visit.on")
    if visit_on is None:
        return
    last_on = last_day(visit_on, ask.pack_days("visit_window"))
    if ask.today > last_on:
        ask.say(Level.HOLD, visit_on=visit_on, last_on=last_on)


@rule("W-04", "D")
def receiver(ask: Ask) -> None:
    """W-04: hand-over; the identity of the person who receives it is checked, else hold."""
    if ask.code("dispense.step") != "hand_over":
        return
    if ask.flag("dispense.identity_checked") is False:
        ask.say(Level.HOLD, because=["dispense.identity_checked"])


@rule("W-05", "D")
def quantity(ask: Ask) -> None:
    """W-05: hand-over; more days than prescribed -> block, fewer -> warn, the rest is void. F8."""
    if ask.code("dispense.step") != "hand_over":
        return
    supplied = ask.number("dispense.days_supplied")
    prescribed = ask.number("prescription.days")
    if supplied is None or prescribed is None:
        return
    if supplied > prescribed:
        ask.say(Level.BLOCK, supplied=supplied, prescribed=prescribed)
    if supplied < prescribed:
        ask.say(Level.WARN, supplied=supplied, prescribed=prescribed)


@rule("W-06", "D")
def once(ask: Ask) -> None:
    """W-06: the prescription was already handed over -> block. F8."""
    if ask.flag("dispense.already_dispensed"):
        ask.say(Level.BLOCK, because=["dispense.already_dispensed"])


@rule("W-07", "D")
def not_void(ask: Ask) -> None:
    """W-07: the prescription is void (stop, urgent, cancelled) -> block. DESIGN."""
    if ask.flag("prescription.voided"):
        ask.say(Level.BLOCK, because=["prescription.voided"])


@rule("W-10", "D")
def issue_date(ask: Ask) -> None:
    """W-10: issued after today -> hold. DESIGN."""
    issued_on = ask.day("prescription.issued_on")
    if issued_on is not None and issued_on > ask.today:
        ask.say(Level.HOLD, issued_on=issued_on)
