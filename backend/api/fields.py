"""Strict fields: what is not exactly what was asked for is refused, never guessed at."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import available_timezones

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.language import said
from backend.kernel.characters import is_strange, shows_something
from backend.kernel.ids import NotAnId, parse_id, public_id

_ZONES = frozenset(available_timezones())
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


UNKNOWN_FIELD = said("この項目はありません。", "Unknown field.")
NOT_AN_ID = said("この種類の ID ではありません。", "Not an id of this kind.")


class Shape(serializers.Serializer):
    """The shape of a body. A field that it does not name is refused."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated values; unknown keys are errors at their own pointers."""
        if isinstance(data, Mapping):
            strange = sorted(set(map(str, data)) - set(self.fields))
            if strange:
                raise serializers.ValidationError(
                    {
                        name: [serializers.ErrorDetail(UNKNOWN_FIELD, code="unknown_field")]
                        for name in strange[:20]
                    }
                )
        return super().to_internal_value(data)


class NoBody(Shape):
    """Nothing is asked: an empty body or `{}`."""

    example: ClassVar[dict[str, Any]] = {}


class Whole(serializers.IntegerField):
    """A JSON integer: no text, no 1.0, no true."""

    def to_internal_value(self, data: Any) -> int:
        """The number, or `invalid`."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false, nothing that resembles them."""

    def to_internal_value(self, data: Any) -> bool:
        """The flag, or `invalid`."""
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return bool(data)


class Line(serializers.CharField):
    """One line of text: NFC, no control or bidi characters, something to see in it."""

    multiline = False
    default_error_messages = {
        "character": said("使えない文字が含まれています。", "A character is not allowed here."),
        "empty": said("表示される文字がありません。", "There is nothing to see in this text."),
    }

    def to_internal_value(self, data: Any) -> str:
        """The text in NFC, or `invalid`, `character`, `empty`."""
        if not isinstance(data, str):
            self.fail("invalid")
        text = unicodedata.normalize("NFC", super().to_internal_value(data))
        if any(is_strange(letter, multiline=self.multiline) for letter in text):
            self.fail("character")
        if text and not shows_something(text):
            self.fail("empty")
        return text


class Prose(Line):
    """Text of several lines."""

    multiline = True


class Code(serializers.ChoiceField):
    """One of a closed list of codes."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        """Takes a list of codes or a StrEnum."""
        super().__init__([str(choice) for choice in choices], **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The code, or `invalid_choice`."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        return str(super().to_internal_value(data))


class CivilDate(serializers.DateField):
    """A civil date, `YYYY-MM-DD`, from 1900 to 2199."""

    def to_internal_value(self, value: Any) -> date:
        """The date, or `invalid`."""
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not 1900 <= day.year <= 2199:
            self.fail("invalid", format="YYYY-MM-DD")
        return day


class Instant(serializers.DateTimeField):
    """An instant in RFC 3339, with its offset; shown in UTC."""

    def to_internal_value(self, value: Any) -> datetime:
        """The instant, or `invalid`."""
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        if not 1900 < instant.year < 2199:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        return instant


class Zone(Line):
    """An IANA time zone."""

    default_error_messages = {
        "zone": said("IANA のタイムゾーンではありません。", "Not an IANA time zone.")
    }

    def to_internal_value(self, data: Any) -> str:
        """The zone, or `zone`."""
        text = super().to_internal_value(data)
        if text not in _ZONES:
            self.fail("zone")
        return text


class DecimalText(serializers.DecimalField):
    """A decimal as a string, `"52.5"`: exact both ways."""

    def to_internal_value(self, data: Any) -> Decimal:
        """The number, or `invalid` and the bounds' own codes."""
        if not isinstance(data, str) or not _DECIMAL.fullmatch(data):
            self.fail("invalid")
        try:
            return super().to_internal_value(data)
        except InvalidOperation:
            self.fail("invalid")


@extend_schema_field(OpenApiTypes.STR)
class PublicId(serializers.Field):
    """An id of one kind, `rx_…`: in as a UUID, out as its one spelling."""

    default_error_messages = {"invalid": NOT_AN_ID}

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        """`prefix` is the kind, for example `rx`."""
        self.prefix = prefix
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> UUID:
        """The UUID, or `invalid`."""
        try:
            return parse_id(self.prefix, data if isinstance(data, str) else "")
        except NotAnId:
            self.fail("invalid")

    def to_representation(self, value: UUID) -> str:
        """The public spelling."""
        return public_id(self.prefix, value)
