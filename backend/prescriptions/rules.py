"""Courses and prescriptions: which role may do what from which status. Plain Python."""

from datetime import timedelta
from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb


class CourseStatus(StrEnum):
    """`not_started`: planned, first dose not yet handed over. `halted`: by rule or physician."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    HALTED = "halted"
    ENDED = "ended"
    CANCELLED = "cancelled"


class PrescriptionStatus(StrEnum):
    """From the first draft to the last capsule, or to another end."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    APPROVED = "approved"
    CLAIMED = "claimed"
    PARTIALLY_DISPENSED = "partially_dispensed"
    DISPENSED = "dispensed"
    VOIDED = "voided"
    EXPIRED = "expired"
    REJECTED = "rejected"


C = CourseStatus
S = PrescriptionStatus

OPEN_COURSE = (C.NOT_STARTED, C.RUNNING, C.HALTED)
UNSIGNED = (S.DRAFT, S.IN_REVIEW, S.RETURNED)
ISSUED = (S.APPROVED, S.CLAIMED, S.PARTIALLY_DISPENSED)
OPEN = (*UNSIGNED, *ISSUED)  # one of these at most per course; a halt voids them all

CLINICAL = (Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR)


class Priority(StrEnum):
    """How soon a prescription must be reviewed."""

    URGENT = "urgent"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """What is stored and sorted by: the more urgent, the smaller."""
        return list(Priority).index(self) + 1


# The clinic's own promise (feature 33), not the law's: on the patient's clock, from the hand-in.
REVIEW_WITHIN = {Priority.URGENT: timedelta(hours=4), Priority.NORMAL: timedelta(hours=24)}


class Route(StrEnum):
    """Who hands the medicine over: the clinic's own dispensary (J-20), or a pharmacy."""

    IN_HOUSE = "in_house"
    PHARMACY = "pharmacy"


class EndReason(StrEnum):
    """Why a course ended."""

    COMPLETED = "completed"
    CLEARED_EARLY = "cleared_early"
    ADVERSE_EFFECT = "adverse_effect"
    PATIENT_WISH = "patient_wish"
    OTHER = "other"


class HaltReason(StrEnum):
    """Why a physician halts a course; a halt by a finding carries the rule's id instead."""

    ADVERSE_EFFECT = "adverse_effect"
    PREGNANCY = "pregnancy"
    MOOD = "mood"
    LABORATORY = "laboratory"
    NOT_REACHED = "not_reached"
    OTHER = "other"


class DeclineReason(StrEnum):
    """Why a physician declines a prescription."""

    CONTRAINDICATED = "contraindicated"
    INTERACTION = "interaction"
    NOT_INDICATED = "not_indicated"
    PREGNANCY_PREVENTION = "pregnancy_prevention"
    INFORMATION_MISSING = "information_missing"
    PATIENT_WISH = "patient_wish"
    OTHER = "other"


class ReturnReason(StrEnum):
    """What is to be changed before the prescription is reviewed again."""

    DOSE = "dose"
    DURATION = "duration"
    PRODUCT = "product"
    INFORMATION_MISSING = "information_missing"
    OTHER = "other"


class VoidReason(StrEnum):
    """Why it is void. Three are set by the fate of the course; `facts_changed` at the counter."""

    PRESCRIBING_ERROR = "prescribing_error"
    CLINICAL_CHANGE = "clinical_change"
    PATIENT_WISH = "patient_wish"
    OTHER = "other"
    COURSE_HALTED = "course_halted"
    COURSE_ENDED = "course_ended"
    COURSE_CANCELLED = "course_cancelled"
    FACTS_CHANGED = "facts_changed"


class Moment(StrEnum):
    """What a decision was asked for."""

    SUBMIT = "submit"
    SIGN_OFF = "sign_off"
    APPROVE = "approve"
    DECLINE = "decline"
    CLAIM = "claim"
    HAND_OVER = "hand_over"
    CHECK_IN = "check_in"
    RESULT = "result"
    SECOND_COURSE = "second_course"


PHYSICIANS_VOID_REASONS = tuple(VoidReason)[:4]

COURSES = Verbs(
    "course",
    CourseStatus,
    verb("list", Role.PATIENT, *CLINICAL),
    verb("read", Role.PATIENT, *CLINICAL),
    verb("create", Role.PHYSICIAN, to=(C.NOT_STARTED,)),
    verb("plan_dose", Role.PHYSICIAN, Role.CLINIC_STAFF),  # stores nothing
    verb("start", Role.JOB, start=(C.NOT_STARTED,), to=(C.RUNNING,)),
    verb("halt", Role.PHYSICIAN, start=(C.NOT_STARTED, C.RUNNING), to=(C.HALTED,)),
    verb("stop", Role.JOB, start=(C.NOT_STARTED, C.RUNNING), to=(C.HALTED,)),  # by a finding
    verb("resume", Role.PHYSICIAN, start=(C.HALTED,), to=(C.NOT_STARTED, C.RUNNING), fresh=True),
    verb("end", Role.PHYSICIAN, start=(C.RUNNING, C.HALTED), to=(C.ENDED,)),
    verb("cancel", Role.PHYSICIAN, start=(C.NOT_STARTED, C.HALTED), to=(C.CANCELLED,)),
    verb("allow_next", Role.JOB, start=(C.ENDED,), to=(C.ENDED,)),
)

PRESCRIPTIONS = Verbs(
    "prescription",
    PrescriptionStatus,
    verb("list", Role.PATIENT, Role.PHARMACY_CLIENT, *CLINICAL),
    verb("read", Role.PATIENT, Role.PHARMACY_CLIENT, *CLINICAL),
    verb("assess", *CLINICAL),
    verb("read_requirements", Role.PHARMACY_CLIENT, *CLINICAL),
    verb("read_signed_content", Role.PATIENT, Role.PHARMACY_CLIENT, *CLINICAL),
    verb("draft", Role.PHYSICIAN, to=(S.DRAFT,)),
    verb(
        "update",
        Role.PHYSICIAN,
        start=(S.DRAFT, S.RETURNED),
        to=(S.DRAFT, S.RETURNED),
    ),
    verb("submit", Role.PHYSICIAN, start=(S.DRAFT, S.RETURNED), to=(S.IN_REVIEW,)),
    verb("sign_off", Role.PHYSICIAN, start=(S.IN_REVIEW,), to=(S.IN_REVIEW,), fresh=True),
    verb("approve", Role.PHYSICIAN, start=(S.IN_REVIEW,), to=(S.APPROVED,), fresh=True),
    verb("return", Role.PHYSICIAN, start=(S.IN_REVIEW,), to=(S.RETURNED,)),
    verb("decline", Role.PHYSICIAN, start=(S.IN_REVIEW,), to=(S.DECLINED,)),
    verb("cancel", Role.PHYSICIAN, start=UNSIGNED, to=(S.CANCELLED,)),
    verb("void", Role.PHYSICIAN, start=ISSUED, to=(S.VOIDED,)),
    verb("claim", Role.PHARMACY_CLIENT, start=(S.APPROVED,), to=(S.CLAIMED,)),
    verb("release", Role.PHARMACY_CLIENT, start=(S.CLAIMED,), to=(S.APPROVED,)),
    verb("reject", Role.PHARMACY_CLIENT, start=(S.CLAIMED,), to=(S.REJECTED,)),
    verb(
        "dispense",
        Role.PHARMACY_CLIENT,
        start=(S.CLAIMED, S.PARTIALLY_DISPENSED),
        to=(S.PARTIALLY_DISPENSED, S.DISPENSED),
    ),
    verb("lapse", Role.JOB, start=(S.CLAIMED,), to=(S.APPROVED,)),
    verb("expire", Role.JOB, start=ISSUED, to=(S.EXPIRED,)),
    verb("void_with_course", Role.JOB, start=OPEN, to=(S.VOIDED,)),
    verb("void_for_facts", Role.JOB, start=ISSUED, to=(S.VOIDED,)),
)

DECISIONS = Verbs(
    "decision",
    (),
    verb("list", *CLINICAL),
    verb("read", *CLINICAL),
    verb("replay", *CLINICAL),
    verb("reassess", Role.JOB),  # under a pack that has changed
)
SIGNING_KEYS = Verbs(
    "signing_key", (), verb("list", *(role for role in Role if role is not Role.JOB))
)
TABLES = (COURSES, PRESCRIPTIONS, DECISIONS, SIGNING_KEYS)
