"""Visits and hours: statuses, who may do what, and the windows of time. Plain Python."""

from datetime import datetime, timedelta
from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

HOLD_FOR = timedelta(minutes=10)
OPENS_BEFORE = timedelta(minutes=10)
CLOSES_AFTER = timedelta(minutes=30)
MAX_OPEN_VISITS = 3
MAX_DAYS_LISTED = 31
LONGEST_VISIT = timedelta(hours=4)


class VisitStatus(StrEnum):
    """From a slot that is held to a visit that is over."""

    HELD = "held"
    BOOKED = "booked"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NO_SHOW = "no_show"


class HoursStatus(StrEnum):
    """Hours count until they are withdrawn."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class VisitMode(StrEnum):
    """How they meet (J-04)."""

    VIDEO = "video"
    IN_PERSON = "in_person"
    PHONE = "phone"
    CHAT = "chat"
    PHOTO = "photo"


class VisitKind(StrEnum):
    """Whether it is the first visit (J-06, J-07)."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"


class HistoryEvidence(StrEnum):
    """What is known of the patient's history at a first online visit (J-06)."""

    OWN_PATIENT = "own_patient"
    RECORDS = "records"
    PRE_CONSULTATION = "pre_consultation"
    NONE = "none"


class CancelReason(StrEnum):
    """Why a visit does not take place."""

    PATIENT_REQUEST = "patient_request"
    SCHEDULE_CONFLICT = "schedule_conflict"
    UNWELL = "unwell"
    PHYSICIAN_UNAVAILABLE = "physician_unavailable"
    TECHNICAL_PROBLEM = "technical_problem"
    OTHER = "other"


class ExceptionKind(StrEnum):
    """A day off, or hours beside the weekly ones."""

    CLOSED = "closed"
    EXTRA = "extra"


class NoteKind(StrEnum):
    """Once a visit is completed its notes are locked: only addenda are added."""

    NOTE = "note"
    ADDENDUM = "addendum"


S = VisitStatus
TAKING = (S.HELD.value, S.BOOKED.value, S.IN_PROGRESS.value, S.COMPLETED.value)
OPEN = (S.HELD.value, S.BOOKED.value)
CHECKLIST = (
    "care_plan_agreed",
    "privacy_confirmed",
    "hospital_arranged",
    "mood_asked",
    "sexual_function_asked",
    "in_person_first_done",
)
OWN_VISIT_ONLY = ("start", "complete")

_CARE = (Role.PATIENT, Role.PHYSICIAN, Role.CLINIC_STAFF)
_HOURS_SEEN_BY = (
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
)
_HOURS_SET_BY = (Role.PHYSICIAN, Role.CLINIC_ADMINISTRATOR)

VISITS = Verbs(
    "visit",
    VisitStatus,
    verb("list", *_CARE, Role.AUDITOR),
    verb("read", *_CARE, Role.AUDITOR),
    verb("hold", Role.PATIENT, to=(S.HELD,)),
    verb("confirm", Role.PATIENT, start=(S.HELD,), to=(S.BOOKED,)),
    verb("cancel", *_CARE, start=(S.HELD, S.BOOKED), to=(S.CANCELLED,)),
    verb("expire", Role.JOB, start=(S.HELD,), to=(S.EXPIRED,)),
    verb("start", Role.PHYSICIAN, start=(S.BOOKED,), to=(S.IN_PROGRESS,)),
    verb("complete", Role.PHYSICIAN, start=(S.IN_PROGRESS,), to=(S.COMPLETED,)),
    verb("add_note", Role.PHYSICIAN, start=(S.IN_PROGRESS, S.COMPLETED)),
    verb(
        "mark_no_show",
        Role.PHYSICIAN,
        Role.CLINIC_STAFF,
        start=(S.BOOKED,),
        to=(S.NO_SHOW,),
    ),
    verb("join", Role.PATIENT, Role.PHYSICIAN),
    verb("read_calendar", Role.PATIENT, Role.PHYSICIAN),
)
NOTES = Verbs("visit_note", (), verb("list", Role.PHYSICIAN, Role.AUDITOR))
SLOTS = Verbs("slot", (), verb("list", Role.PATIENT, *_HOURS_SEEN_BY))


def _hours(thing: str) -> Verbs:
    return Verbs(
        thing,
        HoursStatus,
        verb("list", *_HOURS_SEEN_BY),
        verb("read", *_HOURS_SEEN_BY),
        verb("create", *_HOURS_SET_BY, to=(HoursStatus.ACTIVE,)),
        verb(
            "withdraw",
            *_HOURS_SET_BY,
            start=(HoursStatus.ACTIVE,),
            to=(HoursStatus.WITHDRAWN,),
        ),
    )


AVAILABILITY_RULES = _hours("availability_rule")
AVAILABILITY_EXCEPTIONS = _hours("availability_exception")
TABLES = (VISITS, NOTES, SLOTS, AVAILABILITY_RULES, AVAILABILITY_EXCEPTIONS)


def hold_expires_at(at: datetime, starts_at: datetime) -> datetime:
    """Until when a slot is held: ten minutes, and never beyond the visit's beginning."""
    return min(at + HOLD_FOR, starts_at)


def is_open_now(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Whether the room is open: from 10 minutes before the slot to 30 after it, half-open."""
    return starts_at - OPENS_BEFORE <= at < ends_at + CLOSES_AFTER


def may_set_hours(*, role: Role, is_own: bool) -> bool:
    """An administrator sets everybody's hours, a physician the own ones."""
    return role is Role.CLINIC_ADMINISTRATOR or (role is Role.PHYSICIAN and is_own)
