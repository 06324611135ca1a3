"""The morning after the story: what the demonstration leaves on the desk of whoever tries it."""

from datetime import datetime

import pytest

from backend.booking.models import Visit
from backend.prescriptions.models import Prescription
from backend.worklist.models import Task
from dev.demo.desk.morning import fill_the_desk
from dev.demo.story.opening import open_the_clinic
from dev.demo.story.play import ADMINISTRATOR
from dev.demo.story.stage import TOKYO
from tests.emptying import empty_the_tables
from tests.journeys.stage import performance

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, tzinfo=TOKYO)


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """The clinic is open, four weeks went by, it is ten minutes before noon; committed."""
    with django_db_blocker.unblock():
        try:
            with performance() as it:
                open_the_clinic(it.stage, ADMINISTRATOR)
                it.stage.stop_the_clock(MONDAY)
                fill_the_desk(it.stage)
                yield it.stage
        finally:
            empty_the_tables()


def test_three_prescriptions_wait_each_in_another_condition(stage):
    waiting = Prescription.objects.filter(status="in_review").order_by("priority", "submitted_at")

    said = [
        stage.sato.get(f"/v1/prescriptions/{row.ref}/assessment")["decision"] for row in waiting
    ]

    assert [row.patient.name for row in waiting] == ["高橋 翔太", "小林 さくら", "伊藤 大輔"]
    assert said == ["clear", "hold", "senior"]


def test_somebody_has_to_be_called_and_somebody_is_seen_at_noon(stage):
    (urgent,) = Task.objects.filter(status="open", priority="urgent")
    (booked,) = Visit.objects.filter(status="booked")

    assert (urgent.patient.name, urgent.kind) == ("渡辺 結衣", "red_flag")
    assert (
        booked.starts_at.astimezone(TOKYO).time()
        == booked.patient.test_clock.frozen_at.astimezone(TOKYO).replace(hour=12, minute=0).time()
    )


@pytest.mark.parametrize("who", ["sato", "suzuki"])
def test_the_first_in_the_queue_can_be_approved_by_either_physician(stage, who):
    physician = stage.people[who]
    row = physician.get(f"/v1/prescriptions/{stage.shota.known['prescription']['id']}")

    assert row["available_actions"].count("approve") == 1


def test_nothing_else_waits_for_anybody(stage):
    assert Task.objects.filter(status="open").count() == 1
