"""The refusals of courses and prescriptions; their codes are a published contract."""

from typing import Any

from backend.kernel.errors import FieldError, Forbidden, Invalid, Refused, Unprocessable
from backend.kernel.text import Text


class CourseAlreadyOpen(Refused):
    """The patient has a course that is planned, running or halted."""

    code = "course_already_open"
    title = Text("終了していない治療コースがあります", "The patient has an open course already")


class NextCourseNotAllowed(Refused):
    """A further course needs a physician's decision about it first (T-20 to T-24)."""

    code = "next_course_not_allowed"
    title = Text(
        "次のコースを開始するには、医師の判断の記録が必要です",
        "Another course needs a recorded decision first",
    )


class CourseHalted(Refused):
    """The course is halted: nothing is prescribed on it until a senior physician resumes it."""

    code = "course_halted"
    title = Text("治療コースは中止されています", "The course is halted")


class CourseNotOpen(Refused):
    """The course has ended or was cancelled."""

    code = "course_not_open"
    title = Text("治療コースは終了しています", "The course is over")


class CourseWasStarted(Refused):
    """The patient has taken the medicine: the course can end, not be cancelled."""

    code = "course_was_started"
    title = Text(
        "服薬を開始したコースは取り消せません。終了してください",
        "The course was started: end it instead",
    )


class CourseNeverStarted(Refused):
    """No dose was handed over: the course can be cancelled, not ended."""

    code = "course_never_started"
    title = Text(
        "服薬を開始していないコースです。取り消してください",
        "The course was never started: cancel it instead",
    )


class UrgentTaskOpen(Refused):
    """An urgent task about the patient is open: reach the patient first (0.2, urgent)."""

    code = "urgent_task_open"
    title = Text(
        "この患者の緊急タスクが未完了です", "An urgent task about this patient is still open"
    )


class SeniorPhysicianNeeded(Forbidden):
    """Only a senior physician re-opens a course (0.2, stop)."""

    code = "senior_physician_needed"
    title = Text("上級医のみが再開できます", "Only a senior physician may do this")


class AnotherPhysicianNeeded(Refused):
    """Who drafted a prescription cannot sign off its findings."""

    code = "another_physician_needed"
    title = Text(
        "処方を作成した医師以外の医師の承認が必要です",
        "Another physician than the one who drafted it has to sign",
    )


class NothingToSignOff(Refused):
    """No senior finding of this rule stands now; what is not senior can be signed by nobody."""

    code = "nothing_to_sign_off"
    title = Text(
        "別の医師の確認で解決できる所見ではありません",
        "There is no senior finding of this rule to sign off",
    )


class SeveralFindings(Unprocessable):
    """The rule has several senior findings: each is signed by itself; `evidence` says which."""

    code = "several_findings"
    title = Text(
        "この規則の所見は複数あります。1件ずつ承認してください",
        "The rule has several findings: say which one by its evidence",
    )

    def __init__(self, evidence: list[dict[str, str]]) -> None:
        super().__init__(extra={"evidence": evidence})


class PrescriptionAlreadyOpen(Refused):
    """The course has a prescription that is not finished."""

    code = "prescription_already_open"
    title = Text("このコースには未完了の処方があります", "The course has an open prescription")


class CapsulesNotWhole(Unprocessable):
    """daily_mg / strength x days is not a whole number of capsules."""

    code = "capsules_not_whole"
    title = Text("カプセル数が整数になりません", "This does not make a whole number of capsules")


class LotNotUsable(Unprocessable):
    """The lot is of another product, recalled, or expires before the supply is used up."""

    code = "lot_not_usable"
    title = Text("このロットは処方できません", "The lot cannot be prescribed")


class DayNotPossible(Unprocessable):
    """The day lies before the course began, or after today."""

    code = "day_not_possible"
    title = Text("この日付は指定できません", "The day is not possible")


class WeightNeeded(Unprocessable):
    """No weight is known, or the newest is too old to reckon a dose by (D-19)."""

    code = "weight_needed"
    title = Text("最近の体重が必要です", "A recent weight is needed")

    def __init__(self, why: Text, weighed_on: str | None) -> None:
        super().__init__(why, extra={"missing": ["patient.weights"], "weighed_on": weighed_on})


class NotClear(Unprocessable):
    """The rules do not let it go on: `findings` say which, why, and what would change that."""

    code = "not_clear"
    title = Text("規則により承認できません", "The rules do not clear this prescription")

    def __init__(self, decision: str, findings: list[dict[str, Any]], missing: list[str]) -> None:
        super().__init__(extra={"decision": decision, "findings": findings, "missing": missing})


class FactsNotReadable(Unprocessable):
    """Stored facts have a word that the rules of today do not know: nobody guesses at it."""

    code = "facts_not_readable"
    title = Text(
        "保存された事実を現在のルールで読み取れません",
        "The stored facts cannot be read by the present rules",
    )


def no_such(name: str) -> Invalid:
    """The body names something that does not exist for this person."""
    text = Text("該当するものがありません。", "There is no such thing.")
    return Invalid(errors=[FieldError(f"/{name}", "not_found", text)])
