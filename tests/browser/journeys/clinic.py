"""A clinic for journeys by clicking: its people at windows, the rest of the world by the API."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress

from tests.journeys.young_man import Clinic

TOKYO = ZoneInfo("Asia/Tokyo")
PASSWORD = "dry lips in every season"


@dataclass(frozen=True)
class Name:
    """How somebody is called, and how that is read."""

    written: str
    read: str


NAMES = {"ja": Name("山田 花子", "ヤマダ ハナコ"), "en": Name("Ann Example", "Ann Example")}


class BrowserClinic(Clinic):
    """Hours every morning, one product, one lot, one dispensary; a physician with a password."""

    clock_name = "2026-03-10"
    patient: Any

    def __init__(self) -> None:
        super().__init__()
        self.opens_its_hours()
        self.stocks_the_medicine()
        user = self.doctor.user
        user.set_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    @property
    def today(self) -> date:
        """The civil day in Tokyo."""
        return self.now.astimezone(TOKYO).date()

    def morning(self, *, days: int, hour: int = 9) -> None:
        """It becomes a morning in Tokyo, some days later."""
        here = self.now.astimezone(TOKYO) + timedelta(days=days)
        self.passes_to(here.replace(hour=hour, minute=0))

    # What others do, by the API.

    def identifies(self, name: str) -> None:
        """Reception has seen the identity card."""
        found = next(row for row in self.staff.all("patients") if row["name"] == name)
        self.patient = self.staff.does(
            "patients/verify_identity", found, {"document": "my_number_card"}
        )

    def goes_to_the_visit(self) -> None:
        """It becomes the time of the visit that is booked."""
        booked = self.staff.all("visits", patient=self.patient["id"])[0]
        self.passes_to(datetime.fromisoformat(booked["starts_at"]))

    def hands_over(self, capsules: int) -> None:
        """The dispensary claims what was approved, and hands capsules over."""
        approved = self.north.all("prescriptions")[0]
        claimed = self.north.does("prescriptions/claim", approved)
        handed_over = {"capsules": capsules, "identity_checked": True}
        self.north.does("prescriptions/dispense", claimed, handed_over)
        self.workers.settle()
