"""What follow-up refuses."""

from backend.kernel.errors import Refused, Unprocessable
from backend.kernel.text import Text


class NoCourse(Unprocessable):
    """There is no course that a report could belong to; the clinic's telephone is the way."""

    code = "no_course"
    title = Text(
        "対象となるコースがありません。お急ぎの場合はクリニックにお電話ください",
        "There is no course to report on. If it is urgent, call the clinic",
    )


class AlreadyOffered(Refused):
    """A second course was offered after this course."""

    code = "second_course_already_offered"
    title = Text("2回目のコースはすでに提案済みです", "A second course has been offered already")


class CourseNotEnded(Refused):
    """A second course is decided once the first has ended."""

    code = "course_not_ended"
    title = Text("コースが終了していません", "The course has not ended")


class SecondCourseNotOpen(Refused):
    """The decision opens eight weeks after the last dose (T-20); `extra` has the finding."""

    code = "second_course_not_open"
    title = Text(
        "2回目のコースの判断はまだできません（終了から8週間後）",
        "The decision on a second course is not open yet (eight weeks after the end)",
    )


class SecondCourseNotAllowed(Unprocessable):
    """The rules do not allow an offer; `extra` has the decision and the findings."""

    code = "second_course_not_allowed"
    title = Text("2回目のコースは提案できません", "A second course cannot be offered")


class SeniorRequired(Unprocessable):
    """Only a senior physician may offer it on these facts; `extra` has the findings."""

    code = "senior_required"
    title = Text("上級医の判断が必要です", "A senior physician has to decide this")
