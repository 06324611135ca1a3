"""Answers that come in a hurry: of a day that is none, and from a page that was open twice."""

from datetime import timedelta

import pytest

from backend import clock
from backend.followups.models import CheckIn
from backend.prescriptions.models import Course
from backend.worklist.models import Task
from tests.portals.patient.test_check_in import FINE, asked_now, page_of, without
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


def test_a_period_that_is_still_to_come_is_refused_at_its_field():
    row = asked_now()
    tomorrow = clock.civil_day(clock.now(None), row.patient.zone) + timedelta(days=1)

    answer = Reader(row.patient).send(page_of(row), **(FINE | {"last_period_on": str(tomorrow)}))

    assert answer.status_code == 422
    assert "That day is still to come. Please check it." in text_of(answer)
    row.refresh_from_db()
    assert row.status == "open"


def test_what_is_new_on_a_second_open_page_is_led_to_where_it_can_be_told():
    row = asked_now()
    reader = Reader(row.patient)
    reader.send(page_of(row), version=row.version, **FINE)

    late = FINE | {"missed_doses": "3"}
    answer = reader.send(page_of(row), on="/me/", version=row.version, **late)

    assert answer.status_code == 409
    assert "so what stands here was not sent" in text_of(answer)
    assert 'class="button main" href="/me/check-ins/now"' in answer.content.decode()
    assert CheckIn.objects.count() == 1


def test_a_red_flag_is_told_at_once_though_the_rest_is_not_answered():
    row = asked_now()
    reader = Reader(row.patient)

    answer = reader.send(page_of(row), flags=["bih"])

    told = CheckIn.objects.exclude(id=row.id).get()
    assert (answer.status_code, answer["Location"]) == (303, page_of(told))
    assert told.answers["red_flags"] == ["bih"]
    assert Course.objects.get().status == "halted"
    assert any(task.is_urgent for task in Task.objects.all())
    # With the course its check-in was called off: what was typed into it need not be kept.
    assert f'data-draft-done="check_in:{row.ref}"' in reader.get(page_of(told)).content.decode()


def test_where_the_course_goes_on_the_other_questions_can_follow():
    row = asked_now()
    reader = Reader(row.patient)

    answer = reader.send(page_of(row), idempotency_key="one-form-only", flags=["vision"])

    thanks = reader.get(answer["Location"])
    assert "can follow later" in text_of(thanks)
    assert f'href="{page_of(row)}"' in thanks.content.decode()
    assert f'data-draft-done="check_in:{row.ref}"' not in thanks.content.decode()


def test_the_same_form_may_then_be_finished():
    row = asked_now()
    reader = Reader(row.patient)
    reader.send(page_of(row), idempotency_key="one-form-only", flags=["vision"])

    rest = without("nothing", flags=["vision"])
    reader.send(page_of(row), on="/me/", idempotency_key="one-form-only", version="1", **rest)

    row.refresh_from_db()
    assert row.status == "answered"


def test_another_flag_on_the_page_that_came_back_is_told_as_well():
    row = asked_now()
    reader = Reader(row.patient)
    reader.send(page_of(row), idempotency_key="one-form-only", flags=["vision"])

    reader.send(page_of(row), idempotency_key="one-form-only", flags=["vision", "bih"])

    told = CheckIn.objects.exclude(id=row.id).order_by("id")
    assert [one.answers["red_flags"] for one in told] == [["vision"], ["bih", "vision"]]
    assert Course.objects.get().status == "halted"


def test_the_same_flag_sent_twice_is_one_report():
    row = asked_now()
    reader = Reader(row.patient)

    for _ in range(2):
        reader.send(page_of(row), idempotency_key="one-form-only", flags=["vision"])

    assert CheckIn.objects.exclude(id=row.id).count() == 1


def test_thoughts_of_self_harm_are_told_at_once():
    row = asked_now()

    Reader(row.patient).send(page_of(row), nothing="on", phq_1="3", phq_2="3", phq_9="1")

    told = CheckIn.objects.exclude(id=row.id).get()
    assert told.answers["item9"] == 1


def test_a_red_flag_on_a_second_open_page_is_told_too():
    row = asked_now()
    reader = Reader(row.patient)
    reader.send(page_of(row), version=row.version, **FINE)

    late = without("nothing", flags=["bih"])
    answer = reader.send(page_of(row), on="/me/", version=row.version, **late)

    assert answer.status_code == 303
    assert Course.objects.get().status == "halted"


def test_what_contradicts_itself_is_asked_again_and_not_told():
    row = asked_now()

    answer = Reader(row.patient).send(page_of(row), nothing="on", flags=["bih"])

    assert answer.status_code == 422
    assert CheckIn.objects.get() == row
