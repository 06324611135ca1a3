"""PostgreSQL's 64-bit transaction ids, as whole numbers: they tell what is settled."""

from django.db import models


def current_xid() -> models.Func:
    """The id of the transaction under way, whatever savepoints it has."""
    return models.Func(
        function="pg_current_xact_id",
        template="%(function)s()::text::bigint",
        output_field=models.BigIntegerField(),
    )
