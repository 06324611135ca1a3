"""The morning after the story: what the demonstration leaves on the desk of whoever tries it."""

from datetime import datetime, time, timedelta

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


def test_prescriptions_wait_each_in_another_condition(stage):
    waiting = Prescription.objects.filter(status="in_review").order_by("priority", "submitted_at")

    handed_in = [row.decisions.get(moment="submit").decision for row in waiting]

    assert dict(zip([row.patient.name for row in waiting], handed_in, strict=True)) == {
        "高橋 翔太": "clear",
        "小林 さくら": "hold",
        "加藤 美月": "clear",
        "伊藤 大輔": "senior",
    }


def test_somebody_has_to_be_called_and_somebody_is_seen_at_noon(stage):
    (urgent,) = Task.objects.filter(status="open", priority="urgent")
    (booked,) = Visit.objects.filter(status="booked")

    assert (urgent.patient.name, urgent.kind) == ("渡辺 結衣", "red_flag")
    assert booked.starts_at.astimezone(TOKYO).time() == time(12, 0)
    assert booked.starts_at - booked.patient.test_clock.frozen_at == timedelta(minutes=10)


@pytest.mark.parametrize(("physician", "patient"), [("sato", "shota"), ("suzuki", "mitsuki")])
def test_each_physician_finds_something_to_approve(stage, physician, patient):
    who, row = stage.people[physician], stage.people[patient].known["prescription"]

    said = who.get(f"/v1/prescriptions/{row['id']}/assessment")

    assert (said["decision"], said["may_be_approved"]) == ("clear", True)


def test_nothing_else_waits_for_anybody(stage):
    assert Task.objects.filter(status="open").count() == 1
