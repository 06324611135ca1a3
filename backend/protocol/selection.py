"""S- rules: is this a person and a disease for the drug?"""

from backend.protocol.ask import Ask, rule
from backend.protocol.findings import Level
from backend.protocol.medicines import still_taken

TRIED_BOTH = {"systemic_antibiotic", "topical"}


@rule("S-01", "IP")
def other_source(ask: Ask) -> None:
    """S-01: isotretinoin from another source still taken -> hold. Source: patient text."""
    if taken := still_taken(ask, {"isotretinoin_other_source"}):
        ask.say(Level.HOLD, medicines=taken)


@rule("S-03", "IP", {"jp", "us"})
def indication(ask: Ask) -> None:
    """S-03: severe acne, or refractory if milder. Source: patient text; label."""
    if ask.code("course.indication") != "acne":
        return
    severity = ask.code("course.severity")
    failed = ask.listed("course.prior_treatment_failed")
    if failed is None:
        return
    if severity == "moderate" and not failed:
        ask.say(Level.HOLD, "moderate", failed=failed)
    if severity == "mild" and not set(failed) >= TRIED_BOTH:
        ask.say(Level.HOLD, "mild", failed=failed)


@rule("S-07", "C")
def flare(ask: Ask) -> None:
    """S-07: a flare in the first 28 days is expected; look again on day 14. SmPC 4.4."""
    if not ask.running():
        return
    days = ask.days_since_start()
    if days is None or days > ask.pack_days("flare_watch"):
        return
    grade = ask.whole("checkin.items.flare")
    if grade is not None and grade >= 1:
        ask.say(Level.COUNSEL, grade=grade, days=days)


@rule("S-12", "P")
def treatment_consent(ask: Ask) -> None:
    """S-12: the treatment consent is signed. Source: patient text."""
    consents = ask.listed("visit.consents")
    if consents is not None and "treatment" not in consents:
        ask.say(Level.HOLD, because=["visit.consents"])


@rule("S-15", "IP")
def rosacea(ask: Ask) -> None:
    """S-15: rosacea only when a systemic antibiotic failed. Off-label."""
    if ask.code("course.indication") != "rosacea":
        return
    failed = ask.listed("course.prior_treatment_failed")
    if failed is not None and "systemic_antibiotic" not in failed:
        ask.say(Level.HOLD, failed=failed)


@rule("S-16", "IP")
def cosmetic(ask: Ask) -> None:
    """S-16: pores and blackheads are no indication -> senior. DESIGN."""
    if ask.code("course.indication") == "cosmetic":
        ask.say(Level.SENIOR, because=["course.indication"])
