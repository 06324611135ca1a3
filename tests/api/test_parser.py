"""JSON from strangers (numbers as in the catalogue of bad inputs)."""

import io

import pytest
from rest_framework.exceptions import UnsupportedMediaType

from backend.api.parser import StrictJSONParser, TooLarge
from backend.kernel.errors import Invalid


def parse(body: bytes, media_type: str = "application/json"):
    return StrictJSONParser().parse(io.BytesIO(body), media_type)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"meta": {"k": "\\u0000"}}', "bad_character"),
        (b'{"meta": "\\ud800"}', "bad_character"),
        (b'{"\\ud800": 1}', "bad_character"),
        (b'{"k": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
        (b'{"k": ' + b"[" * 20 + b"]" * 20 + b"}", "too_deep"),
        (b'{"dose": 20, "dose": 80}', "duplicate_key"),
        (b'{"a": {"dose": 20, "dose": 80}}', "duplicate_key"),
        (b'{"dose": NaN}', "not_json"),
        (b'{"dose": Infinity}', "not_json"),
        (b'{"dose": -Infinity}', "not_json"),
        (b'{"dose": 1e400}', "number_too_long"),
        (b'{"dose": ' + b"9" * 5_000 + b"}", "number_too_long"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"x"', "not_an_object"),
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"a": "\xff"}', "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
        (b'\xef\xbb\xbf{"a": 1}', "not_json"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_one_exact_object_is_refused_with_its_reason(body, reason):
    with pytest.raises(Invalid) as refusal:
        parse(body)

    assert refusal.value.extra["reason"] == reason


def test_nineteen_levels_below_the_top_are_taken():
    value = parse(b'{"k": ' + b"[" * 19 + b"]" * 19 + b"}")

    assert isinstance(value["k"], list)


def test_brackets_and_quotes_inside_text_do_not_count_as_depth():
    value = parse(b'{"k": "' + b"[" * 50 + b'\\"{"}')

    assert value["k"].startswith("[[[")


@pytest.mark.parametrize("charset", ["bogus", "utf-7", "utf-16", "shift_jis"])
def test_another_charset_is_not_taken(charset):
    with pytest.raises(UnsupportedMediaType):
        parse(b"{}", f"application/json; charset={charset}")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_may_be_said_aloud(charset):
    assert parse(b'{"a": 1}', f"application/json; charset={charset}") == {"a": 1}


def test_more_than_a_megabyte_is_too_large(settings):
    settings.MAX_BODY_BYTES = 100

    with pytest.raises(TooLarge):
        parse(b'{"a": "' + b"x" * 100 + b'"}')
