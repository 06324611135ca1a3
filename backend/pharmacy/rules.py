"""Statuses, and who may do what: at the counter, in the ledger, with webhooks. Plain Python."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zlib import crc32
from zoneinfo import ZoneInfo

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

CLIENT, ADMINISTRATOR, AUDITOR = (
    Role.PHARMACY_CLIENT,
    Role.CLINIC_ADMINISTRATOR,
    Role.AUDITOR,
)


class EndpointStatus(StrEnum):
    """Whether a webhook endpoint is sent to."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class DeliveryStatus(StrEnum):
    """Where one delivery stands. `failed` waits for its next try; `dead` has none left."""

    PENDING = "pending"
    LEASED = "leased"
    DELIVERED = "delivered"
    FAILED = "failed"
    DEAD = "dead"


S, D = EndpointStatus, DeliveryStatus
WEBHOOK_ENDPOINTS = Verbs(
    "webhook_endpoint",
    EndpointStatus,
    verb("list", CLIENT, ADMINISTRATOR, AUDITOR),
    verb("create", CLIENT),
    verb("read", CLIENT, ADMINISTRATOR, AUDITOR),
    verb("rotate_secret", CLIENT, start=(S.ENABLED,), to=(S.ENABLED,)),
    verb("send_test", CLIENT, start=(S.ENABLED,), to=(S.ENABLED,)),
    verb("disable", CLIENT, ADMINISTRATOR, Role.JOB, start=(S.ENABLED,), to=(S.DISABLED,)),
    verb("enable", CLIENT, start=(S.DISABLED,), to=(S.ENABLED,)),
)
WAITING = (D.PENDING, D.FAILED)
WEBHOOK_DELIVERIES = Verbs(
    "webhook_delivery",
    DeliveryStatus,
    verb("list", CLIENT, ADMINISTRATOR, AUDITOR),
    verb("read", CLIENT, ADMINISTRATOR, AUDITOR),
    verb("replay", CLIENT, start=(D.DELIVERED, D.FAILED, D.DEAD), to=(D.PENDING,)),
    verb("queue", Role.JOB, to=(D.PENDING,)),
    verb("claim", Role.JOB, start=(*WAITING, D.LEASED), to=(D.LEASED, D.DEAD)),
    verb("finish", Role.JOB, start=(D.LEASED,), to=(D.DELIVERED, D.FAILED, D.DEAD)),
    verb("give_up", Role.JOB, start=(*WAITING, D.LEASED), to=(D.DEAD,)),
)

LEASE = timedelta(seconds=60)  # longer than the 15 s that one try may take
HONOURED = timedelta(hours=24)  # how long the previous secret signs beside the new one
MAX_ENDPOINTS = 10
# Standard Webhooks: ten tries over 75 hours. Seconds from each failed try to the next.
BACKOFF_SECONDS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
MAX_TRIES = len(BACKOFF_SECONDS) + 1


def wait_before_next(tries: int, *, key: str) -> timedelta | None:
    """How long to wait after the `tries`-th failed try; None when there is no other.

    Up to 5 % shorter, by `key`: receivers that came back are not hit by all at once.
    """
    if tries >= MAX_TRIES:
        return None
    spread = crc32(f"{key}:{tries}".encode()) / 2**32
    return timedelta(seconds=BACKOFF_SECONDS[tries - 1] * (1 - 0.05 * spread))


def is_success(http_status: int | None) -> bool:
    """Only 2xx is; a redirect is a failure."""
    return http_status is not None and 200 <= http_status < 300


class RejectReason(StrEnum):
    """Why a pharmacy will not dispense; after NHS EPS's non-dispensing reasons."""

    OUT_OF_STOCK = "out_of_stock"
    NOT_WANTED_BY_PATIENT = "not_wanted_by_patient"
    CLINICALLY_UNSUITABLE = "clinically_unsuitable"
    PRESCRIPTION_UNCLEAR = "prescription_unclear"
    PATIENT_NOT_REACHED = "patient_not_reached"
    OTHER = "other"


class ReturnReason(StrEnum):
    """Why medicine came back."""

    COURSE_STOPPED = "course_stopped"
    ADVERSE_EFFECT = "adverse_effect"
    NOT_COLLECTED = "not_collected"
    DISPENSING_ERROR = "dispensing_error"
    RECALL = "recall"
    OTHER = "other"


_READERS = (Role.PATIENT, CLIENT, Role.PHYSICIAN, Role.CLINIC_STAFF, AUDITOR)
DISPENSES = Verbs(
    "dispense",
    (),
    verb("list", *_READERS),
    verb("read", *_READERS),
    verb("record_return", CLIENT),
)
CLAIM = timedelta(hours=24)  # W-03


def claim_lapses_at(at: datetime, *, valid_until: date, zone: str) -> datetime:
    """When a claim made at `at` lapses: after 24 hours, or when the last day ends there (W-03).

    `valid_until`: the last civil day to hand over, in the patient's `zone`. UTC comes out.
    """
    midnight = datetime.combine(valid_until + timedelta(days=1), time(0), ZoneInfo(zone))
    return min(at + CLAIM, midnight.astimezone(UTC))


def days_supplied(capsules: int, *, strength_mg: int, daily_mg: int) -> Decimal:
    """For how many days so many capsules last, to a thousandth of a day (W-05)."""
    return (Decimal(capsules * strength_mg) / Decimal(daily_mg)).quantize(Decimal("0.001"))


TABLES = (DISPENSES, WEBHOOK_ENDPOINTS, WEBHOOK_DELIVERIES)
