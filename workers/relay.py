"""From the outbox to the broker: run as `python -m workers.relay`.

Polls every RELAY_SECONDS; a NOTIFY would wake it sooner, but takes a lock of the whole database
at each commit. If the broker is away the batch stays unmarked and is sent again.
"""

import signal
import threading

import django
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections
from kombu.exceptions import OperationalError as BrokerError

django.setup()

from backend import clock
from backend.kernel.actor import job
from backend.outbox.hand_over import hand_over
from backend.outbox.models import OutboxEvent
from workers.app import app
from workers.subscriptions import SUBSCRIPTIONS

log = structlog.get_logger("relay")


def publish(event: OutboxEvent) -> None:
    """Send one message to each task that subscribes to the event."""
    for task in SUBSCRIPTIONS.get(event.type, ()):
        app.send_task(
            task,
            kwargs={"event_id": event.id, **event.payload},
            retry=False,
            ignore_result=True,
        )


def run(stop: threading.Event) -> None:
    """Hand over until told to stop."""
    while not stop.is_set():
        try:
            sent = hand_over(send=publish, by=job("relay"), at=clock.now())
        except (BrokerError, DatabaseError, OSError) as error:
            log.warning("relay_waits", reason=type(error).__name__)
            close_old_connections()
            stop.wait(1)
            continue
        if sent == 0:
            stop.wait(settings.RELAY_SECONDS)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("relay_started")
    run(stop)
    log.info("relay_stopped")


if __name__ == "__main__":
    main()
