"""Who may do what to people, organisations and clocks. Plain Python."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.accounts.errors import BirthInFuture, ClockOnlyForward, ClockTooFar
from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

PATIENT, PHYSICIAN, STAFF, CLIENT, AUDITOR, ADMINISTRATOR = (
    Role.PATIENT,
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.PHARMACY_CLIENT,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
)
PEOPLE = (PATIENT, PHYSICIAN, STAFF, AUDITOR, ADMINISTRATOR)


class PatientStatus(StrEnum):
    """Whether the patient's identity was checked against a document (J-11). Erased: nobody's."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    ERASED = "erased"


class MemberStatus(StrEnum):
    """Whether somebody, or a pharmacy, still works with the clinic."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class ClientStatus(StrEnum):
    """Where a key stands. `expiring`: it was rotated and ends by itself at `expires_at`."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    REVOKED = "revoked"


class ClockStatus(StrEnum):
    """Whether a test clock stands still, or due work is being done on its way."""

    READY = "ready"
    ADVANCING = "advancing"


class IdentityDocument(StrEnum):
    """What the identity was read from (J-11): with a photograph, issued by a state."""

    MY_NUMBER_CARD = "my_number_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"
    OTHER_PHOTO_ID = "other_photo_id"


class PharmacyKind(StrEnum):
    """Who dispenses: in Japan the clinic itself (J-20)."""

    CLINIC_DISPENSARY = "clinic_dispensary"
    COMMUNITY = "community"
    MAIL_ORDER = "mail_order"


P_, M, C, T = PatientStatus, MemberStatus, ClientStatus, ClockStatus
_KNOWN = (P_.UNVERIFIED, P_.VERIFIED)
ME = Verbs("me", (), verb("read", *PEOPLE, CLIENT, newcomers=True))
CLINICS = Verbs(
    "clinic",
    (),
    verb("list", *PEOPLE, CLIENT, newcomers=True),
    verb("read", *PEOPLE, CLIENT, newcomers=True),
)
PATIENTS = Verbs(
    "patient",
    PatientStatus,
    verb("list", PHYSICIAN, STAFF, AUDITOR),
    verb("register", PATIENT, to=(P_.UNVERIFIED,), newcomers=True),
    verb("read", PATIENT, PHYSICIAN, STAFF, AUDITOR),
    verb("verify_identity", STAFF, start=(P_.UNVERIFIED,), to=(P_.VERIFIED,)),
    verb("update_contact", PATIENT, STAFF, start=_KNOWN, to=_KNOWN),
    verb("read_retention", PATIENT, STAFF, AUDITOR, ADMINISTRATOR),
    verb("erase", ADMINISTRATOR, start=_KNOWN, to=(P_.ERASED,), fresh=True),
)
PHYSICIANS = Verbs("physician", (), verb("list", *PEOPLE), verb("read", *PEOPLE))
STAFF_MEMBERS = Verbs(
    "staff_member",
    MemberStatus,
    verb("list", ADMINISTRATOR, AUDITOR),
    verb("invite", ADMINISTRATOR, to=(M.ACTIVE,), fresh=True),
    verb("read", ADMINISTRATOR, AUDITOR),
    verb("update_credentials", ADMINISTRATOR, start=(M.ACTIVE,), to=(M.ACTIVE,), fresh=True),
    verb("send_invitation", ADMINISTRATOR, start=(M.ACTIVE,), to=(M.ACTIVE,)),
    verb("deactivate", ADMINISTRATOR, start=(M.ACTIVE,), to=(M.DEACTIVATED,), fresh=True),
)
PHARMACIES = Verbs(
    "pharmacy",
    MemberStatus,
    verb("list", PHYSICIAN, STAFF, AUDITOR, ADMINISTRATOR, CLIENT),
    verb("register", ADMINISTRATOR, to=(M.ACTIVE,)),
    verb("read", PHYSICIAN, STAFF, AUDITOR, ADMINISTRATOR, CLIENT),
    verb("deactivate", ADMINISTRATOR, start=(M.ACTIVE,), to=(M.DEACTIVATED,), fresh=True),
)
API_CLIENTS = Verbs(
    "api_client",
    ClientStatus,
    verb("list", ADMINISTRATOR, AUDITOR),
    verb("issue", ADMINISTRATOR, to=(C.ACTIVE,), fresh=True),
    verb("read", ADMINISTRATOR, AUDITOR),
    verb("rotate", ADMINISTRATOR, start=(C.ACTIVE,), to=(C.EXPIRING,), fresh=True),
    verb("revoke", ADMINISTRATOR, start=(C.ACTIVE, C.EXPIRING), to=(C.REVOKED,)),
)
TEST_CLOCKS = Verbs(
    "test_clock",
    ClockStatus,
    verb("list", PHYSICIAN, STAFF, ADMINISTRATOR, AUDITOR),
    verb("create", STAFF, ADMINISTRATOR, to=(T.READY,)),
    verb("read", *PEOPLE),
    verb(
        "advance",  # by whoever tries the service: a sandbox's patients are invented
        *(PATIENT, PHYSICIAN, STAFF, ADMINISTRATOR),
        start=(T.READY,),
        to=(T.ADVANCING,),
    ),
    verb("move", Role.JOB, start=(T.ADVANCING,), to=(T.ADVANCING,)),
    verb("finish", Role.JOB, start=(T.ADVANCING,), to=(T.READY,)),
)
TABLES = (ME, CLINICS, PATIENTS, PHYSICIANS, STAFF_MEMBERS, PHARMACIES, API_CLIENTS, TEST_CLOCKS)

LONGEST_ADVANCE = timedelta(days=400)
OVERLAP_OF_KEYS = timedelta(hours=24)


def check_birth(birth_on: date, today: date) -> None:
    """Raise BirthInFuture (422) when the day of birth is after today (civil dates)."""
    if birth_on > today:
        raise BirthInFuture()


def check_advance(frozen_at: datetime, to: datetime) -> None:
    """Raise ClockOnlyForward or ClockTooFar (422) unless 0 < to - frozen_at <= 400 days."""
    if to <= frozen_at:
        raise ClockOnlyForward()
    if to - frozen_at > LONGEST_ADVANCE:
        raise ClockTooFar()


def may_move(role: Role) -> bool:
    """Whether the role may change the zone in which a patient's days are counted."""
    return role is not Role.PATIENT
