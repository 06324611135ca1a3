"""A stage for `dev.demo.story` in this process: the real WSGI application and the real tasks,
committed transactions, webhooks over a socket; no other process.
"""

import io
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings

from backend import clock
from backend.accounts.services.open_clinic import open_clinic
from backend.config.wsgi import application
from backend.kernel.actor import job
from dev.demo.people import Told
from dev.demo.receiver import receiving
from dev.demo.story.play import ADMINISTRATOR, play
from dev.demo.story.stage import Stage
from tests.journeys.workers_part import WorkersPart
from tests.roles import Roles, acting_as

PASSWORD = "dry lips in every season"


@dataclass
class Witness:
    """Hears the story in place of a terminal. `when` does something at a step, by its words."""

    when: dict[str, Callable[[], None]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """A heading."""

    def tell(self, told: Told) -> None:
        """One step."""
        self.told.append(told)
        if told.what in self.when:
            self.when[told.what]()

    def note(self, text: str) -> None:
        """What a step caused."""

    def hushed(self) -> AbstractContextManager[None]:
        """What goes on behind the scene."""
        return nullcontext()

    def months(self, total_days: int) -> AbstractContextManager[None]:  # noqa: ARG002
        """The months of the course."""
        return nullcontext()

    def day(self, number: int, label: str) -> None:
        """The day of the story."""


@dataclass
class Performance:
    """A stage, and everything that leaves the service while the story is played on it."""

    stage: Stage
    witness: Witness
    workers: WorkersPart
    answers: list[httpx.Response]
    mails: list[EmailMessage]
    log: io.StringIO

    @property
    def webhooks(self) -> list[dict[str, Any]]:
        """The bodies of the webhooks that came with a genuine signature."""
        return self.stage.receiver.genuine

    def play(self, roles: Roles | None) -> None:
        """The story, with the privileges that the service has in production, where there are any.

        `roles` is None where the tests' own role may make none.
        """
        with acting_as(roles.app) if roles else nullcontext():
            play(self.stage)


@contextmanager
def performance(when: dict[str, Callable[[], None]] | None = None) -> Iterator[Performance]:
    """A clinic with its administrator on an empty database, as an operator opens one."""
    witness, workers, log = Witness(when or {}), WorkersPart(), io.StringIO()
    answers: list[httpx.Response] = []
    with ExitStack() as held:
        held.enter_context(_settings_of_the_demonstration())
        held.enter_context(_one_connection())
        held.enter_context(_logging_to(log))
        _open_the_clinic()
        mails = mail.outbox
        stage = Stage(
            http=lambda: _client(answers),
            narrator=witness,
            mail_to=lambda address: _newest_mail(mails, address),
            settle=workers.settle,
            receiver=held.enter_context(receiving()),
            password=PASSWORD,
        )
        yield Performance(stage, witness, workers, answers, mails, log)


def _client(answers: list[httpx.Response]) -> httpx.Client:
    return httpx.Client(
        transport=httpx.WSGITransport(application),
        base_url="http://127.0.0.1",
        event_hooks={"response": [answers.append]},
    )


def _newest_mail(mails: list[EmailMessage], address: str) -> str | None:
    return next((str(sent.body) for sent in reversed(mails) if sent.to == [address]), None)


def _open_the_clinic() -> None:
    open_clinic(
        name="さくら皮膚科オンライン",
        name_en="Sakura Dermatology Online",
        programme="jp",
        zone="Asia/Tokyo",
        telephone="03-0000-0000",
        administrator_email=ADMINISTRATOR,
        administrator_name="管理 三郎",
        password=PASSWORD,
        by=job("operator"),
        at=clock.now(),
    )


def _settings_of_the_demonstration() -> override_settings:
    """Attempts are counted apart from other tests; nobody has an authenticator app at hand.

    Twenty passwords hashed as in production would be a third of the time that this takes.
    """
    cache = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    return override_settings(
        CACHES={"default": cache},
        PRESCRIBER_MFA_REQUIRED=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )


@contextmanager
def _one_connection() -> Iterator[None]:
    """The test's connection stays open between requests, as in Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@contextmanager
def _logging_to(stream: io.StringIO) -> Iterator[None]:
    """What the service writes to its log, in the form and at the level of production."""
    root = logging.getLogger()
    ours = next(h for h in root.handlers if "structlog" in type(h.formatter).__module__)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ours.formatter)
    logging.getLogger("httpx").setLevel(
        logging.WARNING
    )  # that is the client talking, not the service
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
