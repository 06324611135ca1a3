"""What each role may do in the database; what is not said here, PostgreSQL refuses.

The owner owns the tables and migrates. The app is the service: web, worker, beat and relay. The
sealer puts the trail into its tree, and sees no clinical table.
"""

from collections.abc import Mapping

Privileges = tuple[str, ...]
READ, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"

# Patients' records are never deleted; the service forgets what lets people in, and copies of the
# trail that it gave out.
FORGETS = frozenset(
    {
        "account_emailaddress",
        "account_emailconfirmation",
        "api_idempotencykey",
        "auditor_auditexportpart",
        "django_session",
        "mfa_authenticator",
    }
)
# Rows of the trail are added, those of row changes by their trigger alone, and none is changed.
# Who adds an erasure has the triggers of that table erase, with the owner's rights; they refuse
# it under a hold, before the law's last day, and of a record that is open (docs/decisions/0030).
APP: Mapping[str, Privileges] = {
    "audit_auditentry": (READ, ADD),
    "audit_bundlemanifest": (READ, ADD),
    "audit_checkpoint": (READ,),
    "audit_cosignature": (READ,),
    "audit_erasure": (READ, ADD),
    "audit_logkey": (READ,),
    "audit_patientkey": (READ, ADD),
    "audit_record": (READ,),
    "audit_rowchange": (READ,),
    "audit_sealedleaf": (READ,),
    "audit_sealerrun": (READ,),
    "audit_tile": (READ,),
    "audit_verification": (READ, ADD),
    "care_relation": (READ,),
    "django_migrations": (READ,),
}
SEALER: Mapping[str, Privileges] = {
    "audit_bundlemanifest": (READ, "UPDATE (note, refusal)"),
    "audit_checkpoint": (READ, ADD, "UPDATE (note, receipt)"),
    "audit_cosignature": (READ, ADD),
    "audit_logkey": (READ, ADD),
    "audit_record": (READ,),
    "audit_sealedleaf": (READ, ADD),
    "audit_sealerrun": (READ, ADD, CHANGE),
    "audit_tile": (READ, ADD, "UPDATE (hashes)"),
}
# For tables that are newer than the last `grant_roles`.
NEW_TABLES: Privileges = (READ, ADD, CHANGE)


def privileges_of_app(table: str, *, is_append_only: bool) -> Privileges:
    """What the service may do with a table; `is_append_only`: its triggers refuse every UPDATE."""
    if table in APP:
        return APP[table]
    if is_append_only:
        return READ, ADD
    return (READ, ADD, CHANGE, REMOVE) if table in FORGETS else (READ, ADD, CHANGE)
