"""Breaking the glass: statuses, who may do what, and for how long. Plain Python."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb


class EmergencyAccessStatus(StrEnum):
    """`granted` ends by itself when its time is over; the review comes in any case."""

    GRANTED = "granted"
    ENDED = "ended"
    REVIEWED = "reviewed"


class EmergencyReason(StrEnum):
    """Why a physician without a care relation opens a record."""

    ACUTE_DANGER = "acute_danger"
    PATIENT_ASKED = "patient_asked"
    COVERING_COLLEAGUE = "covering_colleague"
    OTHER = "other"


class ReviewOutcome(StrEnum):
    """What somebody else thinks of it."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class Care(StrEnum):
    """What a physician has to do with a patient at an instant."""

    NONE = "none"
    TREATMENT = "treatment"
    EMERGENCY = "emergency"


E_ = EmergencyAccessStatus
OVERSIGHT = (Role.PHYSICIAN, Role.AUDITOR, Role.CLINIC_ADMINISTRATOR)
SHORTEST_REASON = 10  # characters
REVIEW_WITHIN = timedelta(hours=24)

EMERGENCY_ACCESSES = Verbs(
    "emergency_access",
    EmergencyAccessStatus,
    verb("list", *OVERSIGHT),
    verb("break_glass", Role.PHYSICIAN, to=(E_.GRANTED,)),
    verb("read", *OVERSIGHT),
    verb("alert", Role.JOB),
    verb("end", Role.PHYSICIAN, start=(E_.GRANTED,), to=(E_.ENDED,)),
    verb(
        "review",
        Role.PHYSICIAN,
        Role.CLINIC_ADMINISTRATOR,
        start=(E_.GRANTED, E_.ENDED),
        to=(E_.REVIEWED,),
    ),
)
TABLES = (EMERGENCY_ACCESSES,)


def grants_at(
    at: datetime, *, granted_at: datetime, expires_at: datetime, ended_at: datetime | None
) -> bool:
    """Whether the record is open at `at`: from the first instant until just before the last."""
    return granted_at <= at < (ended_at or expires_at)


def may_end(opened_by: UUID, by: UUID | None) -> bool:
    """Only who broke the glass gives the access back; a review ends it too."""
    return opened_by == by


def may_review(opened_by: UUID, by: UUID | None) -> bool:
    """Anybody whom the table names, but never who broke the glass."""
    return by is not None and opened_by != by
