"""Do the database's own guards stand: triggers that refuse changes, and that keep them?"""

from django.db import connection

from backend.audit.verify.findings import Finding, Verdict

GUARDS = {
    "audit_is_append_only": ("audit_auditentry", "refuse_change"),
    "row_change_is_append_only": ("audit_rowchange", "only_erase"),
    "patient_key_is_only_destroyed": ("audit_patientkey", "only_destroy"),
    "sealed_leaf_is_append_only": ("audit_sealedleaf", "refuse_change"),
    "tile_only_grows": ("audit_tile", "only_grow"),
    "checkpoint_is_signed_once": ("audit_checkpoint", "only_sign"),
    "cosignature_is_append_only": ("audit_cosignature", "refuse_change"),
    "verification_is_append_only": ("audit_verification", "refuse_change"),
    "log_key_is_append_only": ("audit_logkey", "refuse_change"),
}
KEEPS = "keep_change"  # the trigger, and the function, of every clinical table
_ON = {"O", "A"}
# Before each row's update or delete, and after each row's insert, update or delete (pg_trigger.h).
_REFUSES, _KEEPS = 1 | 2 | 8 | 16, 1 | 4 | 8 | 16

_TRIGGERS = """
SELECT tgname::text, tgrelid::regclass::text, proname::text, tgenabled::text, tgtype, tgqual IS NULL
FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
"""
_KEPT = f"""
SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = '{KEEPS}' AND NOT tgisinternal
"""  # noqa: S608 - a name of our own


def check_guards(verdict: Verdict) -> None:
    """A finding for each guard that is missing, switched off or another one than it was."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        found = {(name, table): rest for name, table, *rest in cursor.fetchall()}
    for name, (table, function) in GUARDS.items():
        stands = found.get((name, table))
        if stands is None or stands[1] not in _ON:
            verdict.add(Finding(f"the trigger {name} is missing or switched off"))
        elif stands != [function, stands[1], _REFUSES, True]:
            verdict.add(Finding(f"the trigger {name} does not do what it should"))
    for (name, table), stands in sorted(found.items()):
        if name == KEEPS and stands[1] not in _ON:
            verdict.add(Finding(f"the trigger {name} of {table} is switched off"))
        elif name == KEEPS and stands != [KEEPS, stands[1], _KEEPS, True]:
            verdict.add(Finding(f"the trigger {name} of {table} does not do what it should"))


def patient_columns() -> dict[str, str | None]:
    """For each table whose changes are kept: where its rows name their patient; None: nowhere.

    Tables whose parent knows the patient are left out: see `parents`.
    """
    return {
        table: arguments[1] if len(arguments) > 1 else None
        for table, arguments in _arguments().items()
        if len(arguments) < 3
    }


def parents() -> dict[str, tuple[str, str]]:
    """For each table whose rows name a parent that knows the patient: its column, the parent."""
    return {
        table: (arguments[1], arguments[2])
        for table, arguments in _arguments().items()
        if len(arguments) == 3
    }


def _arguments() -> dict[str, list[str]]:
    """What each table's `keep_change` is given: key, patient or parent key, parent."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT)
        return {
            table: bytes(arguments).decode(errors="replace").split("\0")[:-1]
            for table, arguments in cursor.fetchall()
        }
