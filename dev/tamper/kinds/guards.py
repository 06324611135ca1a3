"""Disarm: the database's own guards, before anything else is done."""

from random import Random

from backend.audit.verify.guards import FUNCTIONS, GUARDS, KEEPS
from dev.tamper.log import Log, Tampering, do, done, rows


def switch_off(_log: Log, chance: Random) -> Tampering:
    """A trigger that refuses changes is switched off or dropped."""
    name = chance.choice(sorted(GUARDS))
    table, _function = GUARDS[name]
    do(
        chance.choice(
            (
                f"ALTER TABLE {table} DISABLE TRIGGER {name}",
                f"ALTER TABLE {table} ENABLE REPLICA TRIGGER {name}",
                f"DROP TRIGGER {name} ON {table}",
            )
        )
    )
    return done(name, says=name)


def stop_keeping(_log: Log, chance: Random) -> Tampering:
    """A clinical table's changes are kept no longer, or only some of them."""
    (table,) = chance.choice(rows("SELECT DISTINCT table_name FROM audit_rowchange ORDER BY 1"))
    again = f"CREATE TRIGGER {KEEPS} AFTER UPDATE ON {table} FOR EACH ROW "
    if chance.random() < 0.4:
        do(f"ALTER TABLE {table} DISABLE TRIGGER {KEEPS}")
    else:
        do(f"DROP TRIGGER {KEEPS} ON {table}")
        if chance.random() < 0.5:
            do(again + f"WHEN (false) EXECUTE FUNCTION {KEEPS}('id', 'id')")
    return done(table, says=f"{KEEPS} of {table}")


def replace_function(_log: Log, chance: Random) -> Tampering:
    """A guard's function does nothing from now on."""
    name = chance.choice(sorted(FUNCTIONS))
    do(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    )
    return done(name, says=f"the function {name}")
