"""The audit trail's tables."""

from backend.audit.models.change import RowChange
from backend.audit.models.entry import AuditEntry, Outcome
from backend.audit.models.erasure import Erasure
from backend.audit.models.key import PatientKey
from backend.audit.models.manifest import BundleManifest
from backend.audit.models.sealed import (
    Checkpoint,
    Cosignature,
    LogKey,
    SealedLeaf,
    SealerRun,
    Tile,
)
from backend.audit.models.verification import Verification

__all__ = [
    "AuditEntry",
    "BundleManifest",
    "Checkpoint",
    "Cosignature",
    "Erasure",
    "LogKey",
    "Outcome",
    "PatientKey",
    "RowChange",
    "SealedLeaf",
    "SealerRun",
    "Tile",
    "Verification",
]
