"""A channel that keeps what it is given, and the way to it."""

import time_machine
from django.db import transaction

from backend.kernel.actor import job
from backend.notifications.deliver import deliver_due
from backend.notifications.steps.queue_notice import queue_notice
from tests.factories.notifications import NOON

JOB = job("notifications")


class Outbox(list):
    """A channel that keeps what it is given, or raises what it is told to."""

    def __init__(self, *errors):
        self.errors = list(errors)

    def __call__(self, message):
        self.append(message)
        if self.errors:
            error = self.errors.pop(0)
            if error is not None:
                raise error
        return message.message_id


def deliver(send, *, at=NOON, **more):
    with time_machine.travel(at, tick=False):
        return deliver_due(send=send, by=JOB, **more)


def queue(patient, key="k", **more):
    with transaction.atomic():
        return queue_notice(
            **{"template": "check_in_opened", "patient": patient, "key": key, "by": JOB, "at": NOON}
            | more
        )
