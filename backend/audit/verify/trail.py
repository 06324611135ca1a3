"""The whole trail: guards, records, leaves, roots, signatures, and what is not sealed yet."""

from collections.abc import Sequence

from django.db import connection, transaction

from backend.audit.verify.checkpoints import check_introduced, known_keys
from backend.audit.verify.climb import Trusted
from backend.audit.verify.erasures import check_erasures
from backend.audit.verify.faults import told
from backend.audit.verify.findings import Verdict
from backend.audit.verify.guards import check_guards
from backend.audit.verify.memories import check_memories
from backend.audit.verify.records import Records
from backend.audit.verify.strays import check_numbers, check_patients_of_parents, check_unsealed
from backend.audit.verify.tree import check_tree
from backend.transparency.notes import VerifierKey

TIMEOUT = "10min"


def verify_trail(*, keys: Sequence[VerifierKey] | None = None, trusted: Trusted = ()) -> Verdict:
    """Everything is looked at, in one snapshot of the database; whatever it holds, a verdict.

    `keys`: the log's public keys; without them, those that the environment pins or the database
    names. `trusted`: sizes and roots kept elsewhere (a witness, an earlier export); what is
    older than those cannot have been cut off unseen. Raises OperationalError where the server
    does not answer.
    """
    verdict = Verdict()
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(durable=False):
        _look_once(is_outermost)
        records = Records()
        with told(verdict, "the triggers"):
            check_guards(verdict)
        known = known_keys() if keys is None else list(keys)
        with told(verdict, "the log's keys"):
            check_introduced(verdict, known)
        check_tree(verdict, records, known, trusted)
        with told(verdict, "what is not sealed yet"):
            check_unsealed(verdict, records)
        with told(verdict, "the numbers"):
            check_numbers(verdict)
        with told(verdict, "the row changes"):
            check_patients_of_parents(verdict)
        with told(verdict, "what was erased"):
            check_erasures(verdict)
        with told(verdict, "what was seen of it before"):
            check_memories(verdict)
    return verdict


def _look_once(is_outermost: bool) -> None:
    """One snapshot for all queries: the sealer goes on meanwhile."""
    with connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT}'")
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{TIMEOUT}'")
