"""Every no of the pharmacy; the codes are a published contract."""

from collections.abc import Sequence
from typing import Any

from backend.kernel.errors import Refused, RefusedWithEffect, Unprocessable
from backend.kernel.text import Text


class DispensingNotClear(Refused):
    """The rules do not clear the hand-over. `findings`: rule, level and words for a pharmacy."""

    code = "dispensing_not_clear"
    title = Text("規則により交付できません", "The rules do not clear it now")

    def __init__(self, decision: str, findings: Sequence[dict[str, Any]]) -> None:
        super().__init__(extra={"decision": decision, "findings": list(findings)})


class AwaitingPhysician(Refused):
    """A task about the patient is open that a physician must finish before any release."""

    code = "awaiting_physician"
    title = Text(
        "医師の確認が終わるまで交付できません",
        "A physician has to look at it before anything is handed over",
    )


class FactsUnknown(AwaitingPhysician, RefusedWithEffect):
    """Something that the approval rested on is not known any more: a task asks a physician."""


class FactsChanged(RefusedWithEffect):
    """What is known of the patient now would not have been approved: the prescription is void.

    `findings`: rule, level and words for a pharmacy, as in DispensingNotClear.
    """

    code = "facts_changed"
    title = Text(
        "承認後に患者の情報が変わり、処方は無効になりました。クリニックへご連絡ください",
        "Something about the patient changed since the approval: it is void, contact the clinic",
    )

    def __init__(
        self, status_now: str, void_reason: str | None, findings: Sequence[dict[str, Any]]
    ) -> None:
        said = {"status_now": status_now, "void_reason": void_reason, "findings": list(findings)}
        super().__init__(extra=said)


class AlreadyClaimed(Refused):
    """Another pharmacy has claimed it; `claim_lapses_at` says until when."""

    code = "already_claimed"
    title = Text("他の薬局が調剤中です", "Another pharmacy has claimed it")


class ClaimLapsed(Refused):
    """The pharmacy's claim is over: claim again (W-03)."""

    code = "claim_lapsed"
    title = Text("調剤の受付期限が過ぎました", "The claim has lapsed: claim it again")


class PrescriptionVoid(Refused):
    """It was taken back by the clinic: hand nothing over, put the capsules back to stock (409)."""

    code = "prescription_voided"
    title = Text(
        "この処方は無効になりました。交付せず、在庫に戻してください",
        "The prescription is void: hand nothing over, put it back to stock",
    )


class ExpiredBeforeHandOver(Refused):
    """The last day to hand it over has passed while it was held (409)."""

    code = "prescription_expired"
    title = Text("処方の交付期限が過ぎました", "The last day to hand it over has passed")


class ClaimedTooLate(ExpiredBeforeHandOver):
    """The last day to hand it over has passed: there is nothing to claim any more (410)."""

    status = 410


class MoreThanRemaining(Refused):
    """More capsules than what remains of the prescription."""

    code = "more_than_remaining"
    title = Text("処方の残数を超えています", "More capsules than remain")


class WrongLot(Refused):
    """The lot is not of the prescribed product and importer, recalled, or expires too soon."""

    code = "wrong_lot"
    title = Text("このロットは交付できません", "This lot cannot be handed over")


class MoreThanDispensed(Refused):
    """More capsules than this hand-over gave out, earlier returns taken off."""

    code = "more_than_dispensed"
    title = Text("交付数を超える返却です", "More capsules than were handed over")


class EndpointExists(Refused):
    """The pharmacy has an enabled endpoint with this URL."""

    code = "webhook_endpoint_exists"
    title = Text("このURLは登録済みです", "There is an enabled endpoint with this URL")


class TooManyEndpoints(Unprocessable):
    """A pharmacy has at most ten enabled endpoints."""

    code = "too_many_webhook_endpoints"
    title = Text("有効なエンドポイントは10件までです", "At most ten enabled endpoints")
