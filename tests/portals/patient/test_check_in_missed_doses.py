"""How many doses were missed is chosen; many of them are counted."""

import pytest

from tests.portals.patient.test_check_in import FINE, asked_now, page_of
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"missed_doses": "3"}, 3),
        ({"missed_doses": "more", "missed_count": "12"}, 12),
        ({"missed_doses": "0", "missed_count": "12"}, 0),
    ],
)
def test_missed_doses_are_chosen_and_counted_only_when_they_are_many(said, count):
    row = asked_now()

    Reader(row.patient).send(page_of(row), **(FINE | said))

    row.refresh_from_db()
    assert row.answers["adherence"]["missed_doses"] == count


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"missed_doses": "more"}, "Please write how many."),
        ({"missed_doses": "more", "missed_count": "401"}, "less than or equal to 400"),
        ({"missed_doses": ""}, "Please answer this too."),
    ],
)
def test_many_missed_doses_without_a_number_are_not_taken_for_none(said, words):
    row = asked_now()

    answer = Reader(row.patient).send(page_of(row), **(FINE | said))

    assert answer.status_code == 422
    assert words in text_of(answer)
    row.refresh_from_db()
    assert row.status == "open"
