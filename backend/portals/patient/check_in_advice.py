"""What to do at once: about an answer before it is sent, and about what the rules said to it."""

from dataclasses import dataclass

from backend.accounts.models import Clinic
from backend.followups.advice import Advice, advice_for
from backend.protocol.adverse import SIMPLE

RULE_OF_FLAG = {code: rule for rule, (code, _level) in SIMPLE.items()} | {
    "mood": "R-02",
    "pregnancy": "R-12",
}
CALM, WAIT = ("go_on",), ("we_will_answer", "do_not_drive_at_night")
BESIDE = ("no_blood_donation", "postpone_the_procedure")


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What is shown beside an answer as soon as it is chosen.

    `flags`: by the flag's code. `worst_item`: a grade of 4 (K-02). `self_harm`: item 9 (R-02).
    `contraception`: not kept (K-10).
    """

    flags: dict[str, Advice]
    worst_item: Advice
    self_harm: Advice
    contraception: Advice


def at_once(clinic: Clinic) -> AtOnce:
    """The advice for each answer that cannot wait, from the same file as the verb's reply."""

    def advice(rule: str, decision: str) -> Advice:
        return advice_for(
            [rule], decision, programme=clinic.programme, clinic_telephone=clinic.telephone
        )[0]

    return AtOnce(
        flags={code: advice(rule, "urgent") for code, rule in RULE_OF_FLAG.items()},
        worst_item=advice("K-02", "urgent"),
        self_harm=advice("R-02", "urgent"),
        contraception=advice("K-10", "stop"),
    )


def tone_of(advice: list[Advice]) -> str:
    """How the page looks: good, careful, or bad where the drug is to be stopped."""
    codes = {one.code for one in advice} - set(BESIDE)
    if codes <= set(CALM):
        return "good"
    return "careful" if codes <= {*CALM, *WAIT} else "bad"
