"""Announce something that happened."""

from collections.abc import Mapping
from datetime import datetime

from backend.db import append, require_transaction
from backend.origin import origin
from backend.outbox.models import OutboxEvent


def emit(event: str, *, at: datetime, payload: Mapping[str, str]) -> OutboxEvent:
    """Write an event beside its cause; the relay hands it on after the commit.

    `event` is `<app>.<thing>.<past tense>`; `payload` holds public ids and codes as strings and
    follows `api_schema/events/<event>.json`. Raises RuntimeError outside a transaction.
    """
    require_transaction()
    row = OutboxEvent(type=event, at=at, payload=dict(payload), request_id=origin().request_id)
    append(row)
    return row
