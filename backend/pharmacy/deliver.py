"""Send what is due: claim and commit, post outside any transaction, finish under the epoch."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta

from backend.kernel.actor import Actor
from backend.pharmacy.post import Answer, Outgoing, post
from backend.pharmacy.services.claim_deliveries import claim_deliveries
from backend.pharmacy.services.finish_delivery import finish_delivery

BATCH = 8  # sent side by side: one receiver that hangs delays seven others, for 15 s at most


def deliver_due(
    *, by: Actor, at: datetime, send: Callable[[Outgoing], Answer] = post, at_most: int = 200
) -> int:
    """Send everything that is due at `at`, at least once each. Returns how many tries there were.

    `send` must not raise, must end within the lease (60 s), and runs in threads: it does not
    touch the database.
    """
    began, tried = time.monotonic(), 0
    while tried < at_most:
        claimed = claim_deliveries(by=by, at=_later(at, began), at_most=BATCH)
        if not claimed:
            break
        tried += len(claimed)
        with ThreadPoolExecutor(max_workers=BATCH) as threads:
            sending = {threads.submit(send, outgoing): outgoing for outgoing in claimed}
            for done in as_completed(sending):
                outgoing = sending[done]
                finish_delivery(
                    delivery_id=outgoing.delivery_id,
                    epoch=outgoing.epoch,
                    answer=done.result(),
                    by=by,
                    at=_later(at, began),
                )
    return tried


def _later(at: datetime, began: float) -> datetime:
    """`at`, and the time that has passed since."""
    return at + timedelta(seconds=time.monotonic() - began)
