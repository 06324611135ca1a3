"""What a patient reads after submitting: safe, without a rule's text, with a next step.

The decision is the physician's; whatever the pre-screen says, a visit may be booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.kernel.text import Text
from backend.protocol.findings import Decision


@dataclass(frozen=True, slots=True)
class Guidance:
    """A published code, what to know, and what to do next."""

    code: str
    text: Text
    next_step: Text


_BOOK = Text("診察を予約してください。", "Please book a visit.")
READY = Guidance(
    "ready_to_book",
    Text(
        "ご回答ありがとうございました。治療できるかどうかは、診察で医師が判断します。",
        "Thank you. Whether this treatment is right for you is decided by the physician.",
    ),
    _BOOK,
)
TALK = Guidance(
    "physician_will_ask",
    Text(
        "ご回答の中に、診察で医師が詳しく確認することがあります。",
        "The physician will want to talk some of your answers through with you.",
    ),
    _BOOK,
)
UNLIKELY = Guidance(
    "another_treatment_may_suit",
    Text(
        "いまのご回答では、この治療を始められない可能性があります。ほかの治療が合うかもしれません。"
        "いま飲んでいるお薬は、処方した医師に相談せずにやめないでください。",
        "On your answers this treatment may not be possible now; another may suit you. Do not stop"
        " any medicine before talking to whoever prescribed it.",
    ),
    Text(
        "診察を予約して、医師にご相談ください。",
        "You may book a visit and talk to the physician.",
    ),
)
CONTACT = Guidance(
    "we_contact_you_today",
    Text(
        "つらいお気持ちを教えてくださり、ありがとうございます。今日中に当院からご連絡します。",
        "Thank you for telling us how you feel. We will contact you today.",
    ),
    Text(
        "待てないときは、よりそいホットライン 0120-279-338（24時間・無料）に、"
        "命の危険があるときは 119 に電話してください。",
        "If you cannot wait, in Japan call the Yorisoi Hotline 0120-279-338 (24 hours, free);"
        " in danger call 119.",
    ),
)
_OF_DECISION = {
    Decision.CLEAR: READY,
    Decision.SENIOR: TALK,
    Decision.HOLD: TALK,
    Decision.BLOCK: UNLIKELY,
    Decision.STOP: UNLIKELY,
    Decision.URGENT: CONTACT,
}


def guidance_for(decision: str) -> Guidance:
    """What to tell a patient after this decision of the pre-screen."""
    return _OF_DECISION[Decision(decision)]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Answers that should not wait until the form is sent: what to do at once.

    `among`: the answers to `item` that raise it. `calls_clinic`: the clinic is to be called too.
    """

    code: str
    item: str
    among: tuple[Any, ...]
    text: Text
    calls_clinic: bool = False

    def is_raised(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers raise it, sent or not."""
        answer = answers.get(self.item)
        given = answer if isinstance(answer, list) else [answer]
        return any(each in self.among for each in given)


_NOT_ALONE = Text(
    "つらいお気持ちを、ひとりで抱えないでください。よりそいホットライン 0120-279-338"
    "（24時間・無料）に電話できます。命の危険があるときは 119 に電話してください。",
    "You need not carry this alone. In Japan you can call the Yorisoi Hotline 0120-279-338"
    " (24 hours, free); in danger call 119.",
)
ALARMS = (
    Alarm(
        "mood_risk", "phq_9", ("several_days", "over_half", "nearly_every_day"), _NOT_ALONE, True
    ),
    Alarm("mood_risk", "conditions", ("suicidality",), _NOT_ALONE, True),
    Alarm(
        "pregnant",
        "pregnant",
        (True,),
        Text(
            "妊娠中、または妊娠の可能性があるときは、イソトレチノインを飲まないでください。"
            "すでに飲んでいる方はすぐにやめて、クリニックにお電話ください。",
            "Do not take isotretinoin if you are or might be pregnant. If you are taking it,"
            " stop at once and call the clinic.",
        ),
        True,
    ),
)


def alarms_in(answers: Mapping[str, Any]) -> list[Alarm]:
    """The alarms that answers raise, each kind once, before anything is submitted."""
    raised = {alarm.code: alarm for alarm in reversed(ALARMS) if alarm.is_raised(answers)}
    return [
        raised[code] for code in dict.fromkeys(alarm.code for alarm in ALARMS) if code in raised
    ]
