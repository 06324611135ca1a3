"""JSON from strangers: exact, bounded, and never a 500."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from backend.kernel.errors import Invalid, Problem
from backend.kernel.text import Text

MAX_DEPTH = 20
MAX_DIGITS = 30


class TooLarge(Problem):
    """The body is larger than the service takes."""

    status = 413
    code = "body_too_large"
    title = Text("送信内容が大きすぎます", "The body is too large")


def _bad(code: str, ja: str, en: str) -> NoReturn:
    raise Invalid(Text(ja, en), extra={"reason": code})


class StrictJSONParser(BaseParser):
    """`application/json` in UTF-8, an object at the top, no duplicate keys, at most 20 deep."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The object, or Invalid (400), TooLarge (413), UnsupportedMediaType (415)."""
        request = (parser_context or {}).get("request")
        _check_charset(media_type or "", request)
        raw = body_of(stream)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            _bad("not_utf8", "UTF-8 ではありません。", "The body is not UTF-8.")
        return parse_object(text)


def body_of(stream: IO[Any]) -> bytes:
    """The whole body, at most MAX_BODY_BYTES. Raises TooLarge (413)."""
    limit = settings.MAX_BODY_BYTES
    raw = bytes(stream.read(limit + 1))
    if len(raw) > limit:
        raise TooLarge()
    return raw


def parse_object(text: str) -> dict[str, Any]:
    """A JSON object as plain Python. Raises Invalid (400) for anything else."""
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_constant=lambda name: _bad(
                "not_json", f"{name} は使えません。", f"{name} is not JSON."
            ),
            parse_int=_whole,
            parse_float=_decimal,
        )
    except (ValueError, RecursionError):
        _bad("not_json", "JSON として読めません。", "The body is not JSON.")
    if not isinstance(value, dict):
        _bad("not_an_object", "JSON オブジェクトを送ってください。", "Send a JSON object.")
    _check_text(value)
    return value


def _check_charset(media_type: str, request: Any) -> None:
    _, _, parameters = media_type.partition(";")
    for parameter in parameters.split(";"):
        name, _, charset = parameter.strip().partition("=")
        if name.lower() == "charset" and charset.strip('"').lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(media_type)
    encoding = request.headers.get("Content-Encoding", "") if request is not None else ""
    if encoding not in {"", "identity"}:
        raise UnsupportedMediaType(media_type)


def _check_depth(text: str) -> None:
    depth = 0
    inside = escaped = False
    for letter in text:
        if inside:
            inside = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                _bad("too_deep", "入れ子が深すぎます。", f"Nested deeper than {MAX_DEPTH}.")
        elif letter in "]}":
            depth -= 1


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _bad("duplicate_key", "同じキーが二度あります。", "A key stands twice in one object.")
    return found


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        _bad("number_too_long", "数値の桁が多すぎます。", "A number has too many digits.")
    return int(text)


def _decimal(text: str) -> float:
    value = float(text)
    if len(text) > MAX_DIGITS or value in (float("inf"), float("-inf")):
        _bad("number_too_long", "数値が大きすぎます。", "A number is out of range.")
    return value


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            _bad("bad_character", "使えない文字があります。", "A character is not allowed.")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_text(item)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
