"""What every chapter stands on: people, their clock, and ways to wait for what must follow."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx

from dev.demo.people import Json, Person, StepFailed, Told
from dev.demo.receiver import Receiver

TOKYO = ZoneInfo("Asia/Tokyo")
PATIENCE_S = 20


class Narrates(Protocol):
    """Where the story is told."""

    def chapter(self, title: str) -> None:
        """A heading."""

    def tell(self, told: Told) -> None:
        """One step."""

    def note(self, text: str) -> None:
        """What a step caused."""

    def hushed(self) -> AbstractContextManager[None]:
        """Nothing is told while the block runs."""

    def months(self, total_days: int) -> AbstractContextManager[None]:
        """A bar over the days, shown while the block runs."""

    def day(self, number: int, label: str) -> None:
        """The day of the story."""


@dataclass
class Stage:
    """The world of one performance.

    `mail_to(address)` gives the newest message to somebody; `settle()` lets work that is waiting
    be done (other processes do it when the service really runs); `receiver` is the server of the
    dispensary, where webhooks arrive and are verified.
    """

    http: Callable[[], httpx.Client]
    narrator: Narrates
    mail_to: Callable[[str], str | None]
    settle: Callable[[], None]
    receiver: Receiver
    password: str
    people: dict[str, Person] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    _clock: Json = field(default_factory=dict)

    def person(self, key: str, name: str, email: str = "") -> Person:
        """Somebody new."""
        self.people[key] = Person(name, self.http(), self.narrator.tell, email)
        return self.people[key]

    def treating(self, patient: Person) -> str:
        """The key of the physician who treats this patient: Dr Sato, unless another is known."""
        return str(patient.known.get("physician", "sato"))

    def __getattr__(self, key: str) -> Person:
        """`stage.anna` is the person called so."""
        try:
            return self.__dict__["people"][key]
        except KeyError as error:
            raise AttributeError(key) from error

    def until(self, what: str, probe: Callable[[], Any]) -> Any:
        """Wait for what must follow from a step; StepFailed when it does not come."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.settle()
            found = probe()
            if found:
                return found
            if time.monotonic() > deadline:
                raise StepFailed(f"This did not happen within {PATIENCE_S} s: {what}")
            time.sleep(0.02)

    # Time.

    def stop_the_clock(self, at: datetime) -> Json:
        """Make the clock that the patients of the story live on."""
        self._clock = self.administrator.does(
            "stops a test clock",
            "/v1/test_helpers/test_clocks",
            {"name": "the story", "frozen_at": rfc3339(at)},
            expect=201,
            caused=f"for the patients of this story it is {at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        )
        return self._clock

    @property
    def now(self) -> datetime:
        """What the patients' clock shows."""
        return datetime.fromisoformat(self._clock["frozen_at"])

    @property
    def today(self) -> date:
        """The civil day in Tokyo."""
        return self.now.astimezone(TOKYO).date()

    def advance(self, to: datetime) -> None:
        """Let time pass; returns when everything that fell due on the way has happened."""
        path = f"/v1/test_helpers/test_clocks/{self._clock['id']}"
        self._clock = self.administrator.does(
            "", f"{path}/advance", {"to": rfc3339(to)}, on=self._clock, quiet=True
        )
        self._clock = self.until(
            f"the clock comes to {to}", lambda: _ready(self.administrator.get(path))
        )
        if "started_on" in self.known:
            number = (self.today - self.known["started_on"]).days
            self.narrator.day(number, f"{self.today:%Y-%m-%d}")

    def minutes(self, count: int) -> None:
        """A few minutes pass."""
        self.advance(self.now + timedelta(minutes=count))

    def morning_of(self, day: date, hour: int = 10) -> None:
        """It becomes the morning of a day in Tokyo, unless it is later already."""
        at = datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO).astimezone(UTC)
        if at > self.now:
            self.advance(at)


def _ready(clock: Json) -> Json | None:
    return clock if clock["status"] == "ready" else None


def rfc3339(at: datetime) -> str:
    """An instant as the API takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
