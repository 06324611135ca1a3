"""Plans, follow-ups, check-ins, second courses: which role may do what from which status."""

from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

CLINICAL = (Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR)


class PlanStatus(StrEnum):
    """`active`: the course runs. `stopped`: it is halted. `closing`: it ended, checks remain."""

    ACTIVE = "active"
    STOPPED = "stopped"
    CLOSING = "closing"


class FollowUpStatus(StrEnum):
    """`missed`: passed over, because its time had gone when its turn came."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    CANCELLED = "cancelled"
    MISSED = "missed"


class FollowUpKind(StrEnum):
    """What a row of the due table does. Reminders and misses are rows too, never timers."""

    CHECK_IN = "check_in"
    CHECK_IN_REMINDER = "check_in_reminder"
    CHECK_IN_MISSED = "check_in_missed"
    CLOSING_CHECK = "closing_check"
    CLOSING_CHECK_REMINDER = "closing_check_reminder"
    CLOSING_CHECK_MISSED = "closing_check_missed"
    SECOND_COURSE_OPENS = "second_course_opens"
    RELAPSE_CHECK = "relapse_check"
    RELAPSE_CHECK_REMINDER = "relapse_check_reminder"
    RELAPSE_CHECK_MISSED = "relapse_check_missed"


class CheckInKind(StrEnum):
    """Asked by the plan, once the course is over, or told by the patient unasked."""

    SCHEDULED = "scheduled"
    CLOSING = "closing"
    RELAPSE = "relapse"
    UNSCHEDULED = "unscheduled"


class CheckInStatus(StrEnum):
    """An answer is welcome however late: only an answered check-in takes no other one."""

    OPEN = "open"
    ANSWERED = "answered"
    MISSED = "missed"
    CANCELLED = "cancelled"


class SecondCourseStatus(StrEnum):
    """What the physician decided."""

    OFFERED = "offered"
    DECLINED = "declined"


OPENS = {
    FollowUpKind.CHECK_IN: CheckInKind.SCHEDULED,
    FollowUpKind.CLOSING_CHECK: CheckInKind.CLOSING,
    FollowUpKind.RELAPSE_CHECK: CheckInKind.RELAPSE,
}
P, F, C = PlanStatus, FollowUpStatus, CheckInStatus

PLANS = Verbs(
    "plan",
    PlanStatus,
    verb("start", Role.JOB, to=(P.ACTIVE,)),
    verb("extend", Role.JOB, start=(P.ACTIVE,), to=(P.ACTIVE,)),
    verb("stop", Role.JOB, start=(P.ACTIVE,), to=(P.STOPPED,)),
    verb("resume", Role.JOB, start=(P.STOPPED,), to=(P.ACTIVE,)),
    verb("end", Role.JOB, start=(P.ACTIVE, P.STOPPED), to=(P.CLOSING,)),
)

FOLLOW_UPS = Verbs(
    "follow_up",
    FollowUpStatus,
    verb("list", Role.PATIENT, *CLINICAL),
    verb("read", Role.PATIENT, *CLINICAL),
    verb("claim", Role.JOB, start=(F.PENDING, F.LEASED), to=(F.LEASED,)),
    verb("finish", Role.JOB, start=(F.LEASED,), to=(F.DONE,)),
    verb("miss", Role.JOB, start=(F.LEASED,), to=(F.MISSED,)),
    verb("cancel", Role.JOB, start=(F.PENDING, F.LEASED), to=(F.CANCELLED,)),
    verb("restore", Role.JOB, start=(F.CANCELLED,), to=(F.PENDING,)),
)

CHECK_INS = Verbs(
    "check_in",
    CheckInStatus,
    verb("list", Role.PATIENT, *CLINICAL),
    verb("read", Role.PATIENT, *CLINICAL),
    verb("open", Role.JOB, to=(C.OPEN,)),
    verb("report", Role.PATIENT, to=(C.ANSWERED,)),
    verb("answer", Role.PATIENT, start=(C.OPEN, C.MISSED, C.CANCELLED), to=(C.ANSWERED,)),
    verb("miss", Role.JOB, start=(C.OPEN,), to=(C.MISSED,)),
    verb("cancel", Role.JOB, start=(C.OPEN,), to=(C.CANCELLED,)),
)

SECOND_COURSES = Verbs(
    "second_course_decision",
    SecondCourseStatus,
    verb("list", Role.PATIENT, *CLINICAL),
    verb("read", Role.PATIENT, *CLINICAL),
    verb(
        "decide",
        Role.PHYSICIAN,
        to=(SecondCourseStatus.OFFERED, SecondCourseStatus.DECLINED),
        fresh=True,
    ),
)
TABLES = (PLANS, FOLLOW_UPS, CHECK_INS, SECOND_COURSES)
