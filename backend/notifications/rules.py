"""What can happen to a notice, and who may look."""

from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb


class NotificationStatus(StrEnum):
    """Where a notice is. `unknown`: handed to the mail server, which never said yes or no."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_QUEUED = NotificationStatus.QUEUED
_LEASED = NotificationStatus.LEASED
_MAY_LOOK = (Role.PATIENT, Role.PHYSICIAN, Role.CLINIC_STAFF, Role.AUDITOR)

NOTIFICATIONS = Verbs(
    "notification",
    NotificationStatus,
    verb("list", *_MAY_LOOK),
    verb("read", *_MAY_LOOK),
    verb("queue", Role.JOB, to=(_QUEUED,)),
    verb("claim", Role.JOB, start=(_QUEUED, _LEASED), to=(_LEASED,)),
    verb("attempt", Role.JOB, start=(_LEASED,), to=(_LEASED,)),
    verb("put_back", Role.JOB, start=(_LEASED,), to=(_QUEUED,)),
    verb("send", Role.JOB, start=(_LEASED,), to=(NotificationStatus.SENT,)),
    verb("fail", Role.JOB, start=(_LEASED,), to=(NotificationStatus.FAILED,)),
    verb("lose_sight", Role.JOB, start=(_LEASED,), to=(NotificationStatus.UNKNOWN,)),
    verb("cancel", Role.JOB, start=(_QUEUED, _LEASED), to=(NotificationStatus.CANCELLED,)),
)
TABLES = (NOTIFICATIONS,)
