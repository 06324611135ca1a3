"""Who may read the audit trail, and what becomes of an export. Plain Python."""

from datetime import timedelta
from enum import StrEnum

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

KEPT_FOR = timedelta(days=7)
LEASE = timedelta(minutes=15)  # longer than the writing of one part; each part renews it
MOST_TRIES = 3
MOST_RECORDS = 250_000  # of an export over the API; the command writes five million


class ExportStatus(StrEnum):
    """From the wish to the file, and to its end."""

    REQUESTED = "requested"
    BUILDING = "building"
    SIGNING = "signing"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


S = ExportStatus
UNDER_WAY = (S.REQUESTED, S.BUILDING, S.SIGNING)
READERS = (Role.AUDITOR, Role.PATIENT)

AUDIT_ENTRIES = Verbs(
    "audit_entry",
    (),
    verb("list", *READERS),
    verb("prove", *READERS),
    verb("download_proof", *READERS),
    verb("verify", Role.AUDITOR),
)
AUDIT_EVENTS = Verbs("audit_event", (), verb("download", Role.AUDITOR))
RECORD_ACCESSES = Verbs("record_access", (), verb("list", *READERS))
ROW_CHANGES = Verbs("row_change", (), verb("list", Role.AUDITOR))
AUDIT_CHECKPOINTS = Verbs("audit_checkpoint", (), verb("list", Role.AUDITOR))
AUDIT_EXPORTS = Verbs(
    "audit_export",
    ExportStatus,
    verb("list", *READERS),
    verb("request", *READERS, to=(S.REQUESTED,), fresh=True),
    verb("read", *READERS),
    verb("download", *READERS, start=(S.READY,), to=(S.READY,)),
    verb("build", Role.JOB, start=(S.REQUESTED, S.BUILDING), to=(S.BUILDING,)),
    verb("await_signature", Role.JOB, start=(S.BUILDING,), to=(S.SIGNING,)),
    verb("finish", Role.JOB, start=(S.SIGNING,), to=(S.READY,)),
    verb("fail", Role.JOB, start=UNDER_WAY, to=(S.FAILED,)),
    verb("expire", Role.JOB, start=(S.SIGNING, S.READY), to=(S.EXPIRED,)),
    verb("write", Role.JOB),
)
TABLES = (
    AUDIT_ENTRIES,
    AUDIT_EVENTS,
    RECORD_ACCESSES,
    ROW_CHANGES,
    AUDIT_CHECKPOINTS,
    AUDIT_EXPORTS,
)
