"""Laws on what the database keeps of clinical rows. Like `breaches.py`: tables in, breaches out."""

import re
from collections.abc import Iterable, Mapping, Set

# Before and after of every row, whatever the statement: AFTER, FOR EACH ROW, all three operations.
WHOLE = 1 + 4 + 8 + 16
_SECRET = re.compile(r"(password|secret|token|key_hash|_sealed|wrapped)")


def about_patients(roots: Set[str], keys: Iterable[tuple[str, str]]) -> set[str]:
    """The roots, and every table from which a foreign key (from, to) leads to one of them."""
    found, keys = set(roots), list(keys)
    while more := {a for a, b in keys if b in found} - found:
        found |= more
    return found


def tables_that_forget(
    tables: Iterable[str], kept: Mapping[str, tuple[str, int, bool]], pardoned: Mapping[str, str]
) -> list[str]:
    """Each table bears the trigger (enabled as, type, without condition), or stands on the list."""
    found = []
    for table in sorted(set(tables) - set(pardoned)):
        enabled, kind, whole = kept.get(table, ("", 0, False))
        if enabled not in {"O", "A"}:
            found.append(f"{table}: no keep_change, or one that is switched off")
        elif kind != WHOLE or not whole:
            found.append(f"{table}: keep_change does not see every row")
    return found


def patients_not_named(
    columns: Mapping[str, Set[str]], arguments: Mapping[str, list[str]]
) -> list[str]:
    """Where there is a patient, the trigger is told its column; and what it is told exists."""
    found = []
    for table, told in sorted(arguments.items()):
        known = columns[table]
        if not set(told[:2]) <= known or not set(told[2:]) <= set(columns):
            found.append(f"{table}: {told} is not there")
        elif "patient_id" in known and told[1:] != ["patient_id"]:
            found.append(f"{table}: the patient's column is not named")
    return found


def secrets_kept(columns: Mapping[str, Set[str]]) -> list[str]:
    """No row that is kept before and after holds a secret."""
    return [
        f"{table}.{column}"
        for table, known in sorted(columns.items())
        for column in sorted(known)
        if _SECRET.search(column)
    ]
