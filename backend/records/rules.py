"""Which role may do which verb on a clinical fact. A fact is never changed, only taken back."""

from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verb, Verbs, verb

CLINICAL = (Role.PHYSICIAN, Role.CLINIC_STAFF)
READERS = (Role.PATIENT, *CLINICAL, Role.AUDITOR)


class FactStatus(StrEnum):
    """A noted fact counts; a retracted one (entered in error) stays and no longer counts."""

    NOTED = "noted"
    RETRACTED = "retracted"


NOTED, RETRACTED = FactStatus.NOTED, FactStatus.RETRACTED


class RetractionReason(StrEnum):
    """Why an entry was wrong."""

    WRONG_PATIENT = "wrong_patient"
    WRONG_VALUE = "wrong_value"
    WRONG_DATE = "wrong_date"
    DUPLICATE = "duplicate"
    NOT_DONE = "not_done"


def _verbs(*noters: Role) -> tuple[Verb, ...]:
    return (
        verb("list", *READERS),
        verb("read", *READERS),
        verb("note", *noters, to=(NOTED,)),
        verb("retract", *CLINICAL, start=(NOTED,), to=(RETRACTED,)),
    )


WEIGHTS = Verbs("weight", FactStatus, *_verbs(*CLINICAL))
PREGNANCY_TESTS = Verbs("pregnancy_test", FactStatus, *_verbs(*CLINICAL, Role.PATIENT))
LAB_RESULTS = Verbs("lab_result", FactStatus, *_verbs(*CLINICAL))
PHQ_SCORES = Verbs("phq_score", FactStatus, *_verbs(*CLINICAL))
STATEMENTS = Verbs("statement", FactStatus, *_verbs(*CLINICAL))
TABLES = (WEIGHTS, PREGNANCY_TESTS, LAB_RESULTS, PHQ_SCORES, STATEMENTS)


def may_report_test(role: Role, setting: str) -> bool:
    """Whether this role may report a pregnancy test of this setting: a patient only a home one."""
    return role is not Role.PATIENT or setting == "home"


def may_say_coded(role: Role) -> bool:
    """Whether this role may say that a photo shows the one-time code: who saw it (P-JP-06)."""
    return role is not Role.PATIENT
