"""Which role may do which verb on questionnaires, responses, documents and signatures."""

from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

CLINICAL = (Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR)
READERS = (Role.PATIENT, *CLINICAL)


class ResponseStatus(StrEnum):
    """A draft can be saved many times; what is submitted stays as it is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"


class SignatureStatus(StrEnum):
    """A signature stands until the patient withdraws it."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


DRAFT, SUBMITTED, DISCARDED = ResponseStatus
SIGNED, WITHDRAWN = SignatureStatus

QUESTIONNAIRES = Verbs("questionnaire", (), verb("list", *READERS), verb("read", *READERS))
RESPONSES = Verbs(
    "intake_response",
    ResponseStatus,
    verb("list", *READERS),
    verb("read", *READERS),
    verb("start", Role.PATIENT, to=(DRAFT,)),
    verb("save", Role.PATIENT, start=(DRAFT,), to=(DRAFT,)),
    verb("submit", Role.PATIENT, start=(DRAFT,), to=(SUBMITTED,)),
    verb("discard", Role.PATIENT, start=(DRAFT,), to=(DISCARDED,)),
)
DOCUMENTS = Verbs("consent_document", (), verb("list", *READERS))
SIGNATURES = Verbs(
    "consent_signature",
    SignatureStatus,
    verb("list", *READERS),
    verb("read", *READERS),
    verb("sign", Role.PATIENT, to=(SIGNED,)),
    verb("withdraw", Role.PATIENT, start=(SIGNED,), to=(WITHDRAWN,)),
)
TABLES = (QUESTIONNAIRES, RESPONSES, DOCUMENTS, SIGNATURES)
