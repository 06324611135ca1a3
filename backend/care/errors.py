"""What care refuses. Who has no relation to a patient is refused by `backend.api.care`."""

from backend.kernel.errors import Refused
from backend.kernel.text import Text


class GlassNotNeeded(Refused):
    """The physician has a care relation: the record is open already."""

    code = "care_relation_exists"
    title = Text(
        "診療関係があるため、緊急アクセスは不要です",
        "There is a care relation: the record is open to you already",
    )


class GlassAlreadyBroken(Refused):
    """An emergency access of the same physician to the same patient still runs."""

    code = "emergency_access_runs"
    title = Text("緊急アクセスはすでに有効です", "Your emergency access still runs")


class AccessOver(Refused):
    """The time of the access is over: there is nothing left to end."""

    code = "emergency_access_over"
    title = Text("緊急アクセスはすでに終了しています", "The emergency access is over already")


class NotYourAccess(Refused):
    """Only who broke the glass gives the access back."""

    code = "not_your_emergency_access"
    title = Text(
        "緊急アクセスを終了できるのは、開始した医師のみです",
        "Only the physician who opened it can end it",
    )


class ReviewByAnother(Refused):
    """Nobody reviews their own emergency access."""

    code = "review_by_another"
    title = Text(
        "自分の緊急アクセスは確認できません。他の担当者が確認します",
        "Somebody else reviews your emergency access",
    )
