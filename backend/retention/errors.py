"""Every no to an erasure; the codes are a published contract."""

from backend.kernel.errors import Refused
from backend.kernel.text import Text


class UnderHold(Refused):
    """Somebody must keep the record as it is: until the hold is lifted nobody erases it."""

    code = "under_legal_hold"
    title = Text(
        "法的保全（リーガルホールド）中のため消去できません。監査者による解除が必要です",
        "The record is under a legal hold: an auditor must lift it first",
    )


class RecordOpen(Refused):
    """Something of the record still goes on; `open` says what."""

    code = "record_open"
    title = Text(
        "治療・処方・予約・未完了の作業が残っているため消去できません",
        "Treatment, a prescription, a visit or a task is still open",
    )


class RetentionRuns(Refused):
    """The law says how long the record is kept, and a wish does not shorten it."""

    code = "retention_runs"
    title = Text(
        "法令で定められた保存期間が終わっていないため消去できません",
        "The period for which the law has the record kept is not over",
    )
