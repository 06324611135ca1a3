"""Do the database's own guards stand: triggers that refuse changes, and that keep them?"""

from django.db import connection

from backend.audit.verify.findings import Finding, Verdict

GUARDS = {
    "audit_is_append_only": "audit_auditentry",
    "row_change_is_append_only": "audit_rowchange",
    "patient_key_is_only_destroyed": "audit_patientkey",
    "sealed_leaf_is_append_only": "audit_sealedleaf",
    "tile_only_grows": "audit_tile",
    "checkpoint_is_signed_once": "audit_checkpoint",
    "cosignature_is_append_only": "audit_cosignature",
    "verification_is_append_only": "audit_verification",
    "log_key_is_append_only": "audit_logkey",
}
KEEPS = "keep_change"  # the trigger that every clinical table bears


def check_guards(verdict: Verdict) -> None:
    """A finding for each guard that is missing or switched off."""
    sql = (
        "SELECT tgname, tgrelid::regclass::text, tgenabled::text FROM pg_trigger "
        "WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = {(name, table): enabled for name, table, enabled in cursor.fetchall()}
    for name, table in GUARDS.items():
        if found.get((name, table)) not in {"O", "A"}:
            verdict.add(Finding(f"the trigger {name} is missing or switched off"))
    for (name, table), enabled in sorted(found.items()):
        if name == KEEPS and enabled not in {"O", "A"}:
            verdict.add(Finding(f"the trigger {name} of {table} is switched off"))
