"""The part of the workers, in this process: real hand-over, real tasks, no broker between."""

import json
from typing import Any

from backend import clock
from backend.kernel.actor import job
from backend.outbox.hand_over import hand_over
from backend.outbox.models import OutboxEvent
from workers.app import app
from workers.subscriptions import SUBSCRIPTIONS

SWEEPS = (
    "workers.tasks.followups.sweep",
    "workers.tasks.followups.sweep_clocks",
    "workers.tasks.pharmacy.sweep_webhooks",
    "workers.tasks.pharmacy.sweep_windows",
    "workers.tasks.upkeep.expire",
)


class WorkersPart:
    """Relay, broker, worker and one tick of beat. `messages` keeps what a broker would see."""

    def __init__(self) -> None:
        app.loader.import_default_modules()
        self.messages: list[str] = []

    def settle(self) -> None:
        """Do all that waits, then each sweep once, until nothing waits any more."""
        self._follow()
        for sweep in SWEEPS:
            app.tasks[sweep]()
        self._follow()

    def _follow(self) -> None:
        while events := self._handed_over():
            for event in events:
                for task in SUBSCRIPTIONS[event.type]:
                    self._run(task, {"event_id": event.id, **event.payload})

    def _handed_over(self) -> list[OutboxEvent]:
        events: list[OutboxEvent] = []
        hand_over(send=events.append, by=job("relay"), at=clock.now())
        return events

    def _run(self, task: str, arguments: dict[str, Any]) -> None:
        message = json.dumps({"task": task, "kwargs": arguments})
        self.messages.append(message)
        app.tasks[task](**json.loads(message)["kwargs"])
