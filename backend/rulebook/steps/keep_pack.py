"""Keep the pack that a decision is made by."""

from datetime import datetime

from django.db import transaction

from backend.db import require_transaction
from backend.protocol.pack import Pack
from backend.rulebook.models import RulePackVersion

committed: set[str] = set()  # versions that this process knows to be in the database


def keep_pack(pack: Pack, *, at: datetime) -> None:
    """Keep a pack's content under its version, once; `at` is when it was first kept.

    A version counts as known only after the commit of the transaction that wrote it, so that
    what was rolled back is written again. From then on the call asks the database nothing.
    """
    require_transaction()
    if pack.version in committed:
        return
    kept = RulePackVersion(version=pack.version, pack_id=pack.id, content=pack.content, kept_at=at)
    RulePackVersion.objects.bulk_create([kept], ignore_conflicts=True)
    transaction.on_commit(lambda: committed.add(pack.version))
