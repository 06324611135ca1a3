"""Who may read the audit trail."""

from backend.kernel.actor import Role
from backend.kernel.verbs import Verbs, verb

AUDIT_ENTRIES = Verbs(
    "audit_entry",
    (),
    verb("list", Role.AUDITOR, Role.PATIENT),
    verb("verify", Role.AUDITOR),
)
TABLES = (AUDIT_ENTRIES,)
