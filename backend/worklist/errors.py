"""How the worklist says no."""

from backend.kernel.errors import Forbidden, Refused, Unprocessable
from backend.kernel.text import Text


class ClinicalTask(Forbidden):
    """A clinical task is a physician's (J-05)."""

    code = "clinical_task"
    title = Text("この業務は医師のみ完了できます", "Only a physician may complete this task")


class SettledElsewhere(Refused):
    """The task is done by reviewing what it is about, not by ticking it off."""

    code = "settled_elsewhere"
    title = Text(
        "この業務は対象（about）の確認によって完了します",
        "This task is done by reviewing what it is about",
    )


class ContactRequired(Unprocessable):
    """An urgent task is done only after somebody reached the patient."""

    code = "contact_required"
    title = Text(
        "緊急の業務には患者への連絡日時（contacted_at）が必要です",
        "An urgent task needs the time at which the patient was reached (contacted_at)",
    )


class ContactTooEarly(Unprocessable):
    """A call from before the task was opened is no answer to it."""

    code = "contact_too_early"
    title = Text("連絡日時がタスクの作成より前です", "The contact was before the task was opened")


class ContactInFuture(Unprocessable):
    """The time of contact has not come yet."""

    code = "contact_in_future"
    title = Text("連絡日時が未来です", "The time of contact lies in the future")
