"""Strict fields: nothing is guessed (numbers as in the catalogue of bad inputs)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from rest_framework.exceptions import ValidationError

from backend.api import fields
from backend.kernel.ids import public_id

RX = public_id("rx", UUID(int=7))


def refused(field, value) -> str:
    with pytest.raises(ValidationError) as error:
        field.run_validation(value)
    return error.value.detail[0].code


@pytest.mark.parametrize("value", ["yes", "true", 1, 0, None, "1"])
def test_a_flag_is_true_or_false_and_nothing_like_it(value):
    assert refused(fields.Flag(), value) in {"invalid", "null"}


@pytest.mark.parametrize("value", ["٧", " 7 ", "7", 1.0, 1e3, True, "1e3"])
def test_a_whole_number_is_a_json_integer(value):
    assert refused(fields.Whole(), value) == "invalid"


def test_a_whole_number_keeps_its_bounds():
    assert fields.Whole(min_value=1, max_value=30).run_validation(30) == 30
    assert refused(fields.Whole(min_value=1, max_value=30), 31) == "max_value"


@pytest.mark.parametrize(
    "value",
    [
        5,
        "urn:uuid:00000000-0000-0000-0000-000000000007",
        RX.upper(),
        RX + "0",
        RX.replace("rx", "pt"),
        "rx_8" + "0" * 25,
        "rx_" + "i" * 26,
        "9" * 400,
        None,
    ],
    ids=str,
)
def test_an_id_has_one_kind_and_one_spelling(value):
    assert refused(fields.PublicId("rx"), value) in {"invalid", "null"}


def test_an_id_goes_in_and_out_unchanged():
    field = fields.PublicId("rx")

    assert field.to_representation(field.run_validation(RX)) == RX


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-10T12:00:00",
        "2026-03-10",
        "2026-03-10T24:00:00Z",
        "2026-03-10T12:00:60Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        1741608000,
    ],
)
def test_an_instant_has_its_offset_and_exists(value):
    assert refused(fields.Instant(), value) == "invalid"


def test_an_instant_keeps_its_moment():
    asked = fields.Instant().run_validation("2026-03-10T21:00:00+09:00")

    assert asked == datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2026-02-30", "2026-2-3", "20260210", "10/02/2026", 20260210])
def test_a_date_exists_and_has_one_spelling(value):
    assert refused(fields.CivilDate(), value) == "invalid"


def test_the_twenty_ninth_of_february_exists_every_fourth_year():
    assert fields.CivilDate().run_validation("2024-02-29") == date(2024, 2, 29)
    assert refused(fields.CivilDate(), "2026-02-29") == "invalid"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("\u200b\u200d", "empty"),
        ("イソトレチノイン\u202e", "character"),
        ("line\r\nBcc: x", "character"),
        ("bell\x07", "character"),
        (7, "invalid"),
        ("   ", "blank"),
    ],
)
def test_a_line_of_text_shows_what_it_is(value, code):
    assert refused(fields.Line(), value) == code


def test_text_is_kept_in_one_normal_form_and_markup_stays_text():
    assert fields.Line().run_validation("か\u3099") == "が"
    assert fields.Line().run_validation("<script>{{7*7}}%s") == "<script>{{7*7}}%s"
    assert fields.Prose().run_validation("one\ntwo") == "one\ntwo"


@pytest.mark.parametrize("value", [52.5, 52, "52,5", "NaN", "1e3", "٥٢", "052", " 52", "9" * 40])
def test_a_decimal_is_a_plain_string(value):
    assert refused(fields.DecimalText(max_digits=5, decimal_places=1), value) == "invalid"


@pytest.mark.parametrize("value", ["0.30001", "-40", "4000"])
def test_a_decimal_keeps_its_bounds(value):
    field = fields.DecimalText(max_digits=5, decimal_places=1, min_value=0, max_value=300)

    assert refused(field, value) in {"max_decimal_places", "min_value", "max_value"}


def test_a_decimal_is_exact():
    assert fields.DecimalText(max_digits=5, decimal_places=1).run_validation("52.5") == Decimal(
        "52.5"
    )


@pytest.mark.parametrize("value", ["Tokyo", "asia/tokyo", "../etc/passwd", "UTC+9"])
def test_a_zone_is_an_iana_zone(value):
    assert refused(fields.Zone(), value) == "zone"


def test_a_field_that_nobody_asked_for_is_refused_at_its_own_place():
    class Body(fields.Shape):
        dose = fields.Whole()

    body = Body(data={"dose": 20, "is_admin": True})

    assert not body.is_valid()
    assert body.errors["is_admin"][0].code == "unknown_field"
