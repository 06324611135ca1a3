"""What follow-up announces."""

CHECK_IN_OPENED = "followups.check_in.opened"
CHECK_IN_ANSWERED = "followups.check_in.answered"
CHECK_IN_MISSED = "followups.check_in.missed"
SECOND_COURSE_OPENED = "followups.second_course.opened"
SECOND_COURSE_DECIDED = "followups.second_course.decided"
URGENT_TASK_OVERDUE = "followups.urgent_task.overdue"

EVENTS = (
    CHECK_IN_OPENED,
    CHECK_IN_ANSWERED,
    CHECK_IN_MISSED,
    SECOND_COURSE_OPENED,
    SECOND_COURSE_DECIDED,
    URGENT_TASK_OVERDUE,
)
