"""Can or cannot become pregnant: the physician's category, not the sex.

Sources: P-JP-01, P-US-01, P-PP-07.
"""

from backend.protocol.case import Case
from backend.protocol.vocabulary import CANNOT_ACCEPTED


def is_cannot(case: Case) -> bool:
    """Cannot, for a reason that is accepted. Tubal ligation and abstinence are none."""
    patient = case.patient
    return patient.can_become_pregnant is False and patient.cannot_reason in CANNOT_ACCEPTED


def asked_as_can(case: Case) -> bool:
    """Can; also when the category is unknown, or cannot for a reason that is not accepted."""
    return not is_cannot(case)


def is_male(case: Case) -> bool:
    """Cannot, by reason male."""
    return is_cannot(case) and case.patient.cannot_reason == "male"


def is_exempt(case: Case, programme: str) -> bool:
    """UK, EU: known to be able, and the prescriber documented that there is no risk (P-PP-07).

    Nobody whose category is unknown is exempt (docs/domain.md, readings).
    """
    if programme not in ("uk", "eu"):
        return False
    return case.patient.can_become_pregnant is True and bool(case.programme.exemption_documented)
