"""What a patient reads after submitting: safe, without a rule's text, with a next step.

The decision is the physician's; whatever the pre-screen says, a visit may be booked.
"""

from dataclasses import dataclass

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
