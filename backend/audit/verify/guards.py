"""Do the database's own guards stand: triggers that refuse changes, and that keep them?"""

from django.db import connection

from backend.audit.verify.findings import Finding, Verdict

GUARDS = {
    "audit_is_append_only": ("audit_auditentry", "refuse_change"),
    "erasure_is_append_only": ("audit_erasure", "refuse_change"),
    "row_change_is_append_only": ("audit_rowchange", "only_erase"),
    "patient_key_is_only_destroyed": ("audit_patientkey", "only_destroy"),
    "sealed_leaf_is_append_only": ("audit_sealedleaf", "refuse_change"),
    "tile_only_grows": ("audit_tile", "only_grow"),
    "checkpoint_is_signed_once": ("audit_checkpoint", "only_sign"),
    "cosignature_is_append_only": ("audit_cosignature", "refuse_change"),
    "verification_is_append_only": ("audit_verification", "refuse_change"),
    "log_key_is_append_only": ("audit_logkey", "refuse_change"),
    "manifest_is_answered_once": ("audit_bundlemanifest", "only_answer"),
}
KEEPS = "keep_change"  # the trigger, and the function, of every clinical table
# SHA-256 of the functions' source in the database; a migration that changes one writes it here.
FUNCTIONS = {
    "erases_only": "122c281fdd98f011a58976a651692f2dbc5e600529dba1d75a1175fc78fe0c4e",
    "is_erased": "e06aa78ad627623bef40e8a8eaa7188a60f1fc5694e72719a62cb7dfe4680102",
    "keep_change": "8d13dbd4b852201951d12f7b7470b0a646bb54e4e223b2ccd15c2c7452446af7",
    "keep_key_of_held": "9464b13e1d347f1603a056424f41d1b9eaf31756000d34e0ec25474f099f3ac4",
    "only_answer": "148cf98742e2497a587f24e1da2b71bbeacc1840dfe93645c8c644583f66ea33",
    "only_destroy": "1490ab27e69fc8e62fde11ce0b4659e2af7edd9cdbd51984eeebddef084f561d",
    "only_erase": "b897f2e6bd564498a1092ad2e4c00a1593e12d9edfc05d36af0ff6923058fa48",
    "only_grow": "8faaf50776dd94e12bccad2272b4e54798f4091b67998d61828d3038675f0913",
    "only_sign": "d374c542c443704a6b7f653904efecb4881f68cf9235788d87e4113590b123ac",
    "refuse_change": "aaa5bf7052a208b5316b43df405d7952e7993fda6fe1c13bb97cfb84de499406",
    "refuse_early_erasure": "4b231b6deddc8f2ff6d4d9c685ac704d4d79b7c5fd6f01746b7e80f619f75669",
}
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


_FUNCTIONS = """
SELECT proname::text, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex') FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proname = ANY(%s)
"""
# Tables whose changes were kept once, found by one step a table; those that are gone left out.
_WATCHED = """
WITH RECURSIVE kept AS (
    (SELECT table_name FROM audit_rowchange ORDER BY table_name LIMIT 1)
    UNION ALL
    SELECT (SELECT table_name FROM audit_rowchange WHERE table_name > kept.table_name
            ORDER BY table_name LIMIT 1)
    FROM kept WHERE kept.table_name IS NOT NULL
)
SELECT table_name FROM kept WHERE to_regclass(quote_ident(table_name)) IS NOT NULL
"""


def check_guards(verdict: Verdict) -> None:
    """A finding for each guard that is missing, switched off or another one than it was."""
    _check_functions(verdict)
    found = _triggers()
    for name, (table, function) in GUARDS.items():
        stands = found.get((name, table))
        if stands is None or stands[1] not in _ON:
            verdict.add(Finding(f"the trigger {name} is missing or switched off"))
        elif stands != [function, stands[1], _REFUSES, True]:
            verdict.add(Finding(f"the trigger {name} does not do what it should"))
    for table in sorted({*_asked(_WATCHED), *(table for name, table in found if name == KEEPS)}):
        stands = found.get((KEEPS, table))
        if stands is None or stands[1] not in _ON:
            verdict.add(Finding(f"the trigger {KEEPS} of {table} is missing or switched off"))
        elif stands != [KEEPS, stands[1], _KEEPS, True]:
            verdict.add(Finding(f"the trigger {KEEPS} of {table} does not do what it should"))


def _check_functions(verdict: Verdict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS, [list(FUNCTIONS)])
        found = cursor.fetchall()
    for name, digest in FUNCTIONS.items():
        # Another one of the same name, for other arguments, is no less strange.
        if [other for named, other in found if named == name] != [digest]:
            verdict.add(Finding(f"the function {name} is not the one that was installed"))


def _triggers() -> dict[tuple[str, str], list[object]]:
    """By name and table: function, whether it is on, its kind, whether it has no condition."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        return {(name, table): rest for name, table, *rest in cursor.fetchall()}


def _asked(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [value for (value,) in cursor.fetchall()]


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
