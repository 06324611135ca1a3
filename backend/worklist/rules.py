"""Tasks: their kinds, statuses and who may do what. Plain Python."""

from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb


class TaskStatus(StrEnum):
    """A task is done once, and stays done."""

    OPEN = "open"
    DONE = "done"


class Priority(StrEnum):
    """Urgent: a person must reach the patient before the task can be done."""

    URGENT = "urgent"
    NORMAL = "normal"


class TaskKind(StrEnum):
    """Why somebody has to look. A new kind is a line here, and in NON_CLINICAL if it is one."""

    RED_FLAG = "red_flag"
    ADVERSE_EVENT = "adverse_event"
    CHECK_IN_REVIEW = "check_in_review"
    CHECK_IN_MISSED = "check_in_missed"
    PREGNANCY_REPORTED = "pregnancy_reported"
    MOOD_RISK = "mood_risk"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PRESCRIPTION_REJECTED = "prescription_rejected"
    FACTS_CHANGED = "facts_changed"
    FACTS_UNKNOWN = "facts_unknown"
    PACK_CHANGED = "pack_changed"
    SECOND_COURSE_DECISION = "second_course_decision"
    CONTACT_PATIENT = "contact_patient"
    DELIVERY_FAILED = "delivery_failed"
    EMERGENCY_ACCESS_REVIEW = "emergency_access_review"


class TaskOutcome(StrEnum):
    """How a task ended."""

    RESOLVED = "resolved"
    NO_ACTION_NEEDED = "no_action_needed"
    PATIENT_ADVISED = "patient_advised"
    TREATMENT_CHANGED = "treatment_changed"
    VISIT_ARRANGED = "visit_arranged"
    REFERRED = "referred"
    EMERGENCY_REFERRED = "emergency_referred"


NON_CLINICAL = frozenset({TaskKind.CONTACT_PATIENT, TaskKind.DELIVERY_FAILED})
# About what somebody of the clinic did, not about the patient's health: nobody has to reach the
# patient, no treatment waits for it, and it is settled where it was opened.
OF_OVERSIGHT = frozenset({TaskKind.EMERGENCY_ACCESS_REVIEW})

TASKS = Verbs(
    "task",
    TaskStatus,
    verb("list", Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR),
    verb("read", Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR),
    verb("open", Role.JOB, to=(TaskStatus.OPEN,)),
    verb("escalate", Role.JOB, start=(TaskStatus.OPEN,), to=(TaskStatus.OPEN,)),
    verb(
        "complete",
        Role.PHYSICIAN,
        Role.CLINIC_STAFF,
        start=(TaskStatus.OPEN,),
        to=(TaskStatus.DONE,),
    ),
    verb("settle", Role.JOB, start=(TaskStatus.OPEN,), to=(TaskStatus.DONE,)),
)
TABLES = (TASKS,)


def may_complete(kind: str, role: Role) -> bool:
    """Whether the role may do a task of this kind: clinical ones are a physician's (J-05)."""
    if kind in OF_OVERSIGHT:
        return False
    return role is Role.PHYSICIAN or (role is Role.CLINIC_STAFF and kind in NON_CLINICAL)
