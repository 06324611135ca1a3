"""Answers that come in a hurry: of a day that is none, and from a page that was open twice."""

from datetime import timedelta

import pytest

from backend import clock
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

    late = without("nothing", flags=["bih"])
    answer = reader.send(page_of(row), on="/me/", version=row.version, **late)

    assert answer.status_code == 409
    assert "so what stands here was not sent" in text_of(answer)
    assert 'class="button main" href="/me/check-ins/now"' in answer.content.decode()
    assert 'value="bih" checked' in answer.content.decode()
