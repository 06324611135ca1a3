"""Shapes of hours and slots."""

import re
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.fields import CivilDate, Code, Instant, PublicId, Shape, Whole, Zone
from backend.api.language import said
from backend.api.out import StatefulOut
from backend.booking.rules import (
    AVAILABILITY_EXCEPTIONS,
    AVAILABILITY_RULES,
    ExceptionKind,
    may_set_hours,
)
from backend.db import Row
from backend.kernel.actor import Role

_ID = "01hqxv5y2k8m3n4p5q6r7s8t9v"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_DAY_OF_MINUTES, _YEAR_OF_DAYS = 24 * 60, 366


@extend_schema_field({"type": "string", "pattern": f"^({_CLOCK})$", "example": "09:30"})
class LocalTime(serializers.Field):
    """A time of day as a clock there shows it, `09:30`; `24:00` ends a day. In: minutes."""

    default_error_messages = {
        "invalid": said("時刻は HH:MM で指定してください。", "A time of day is spelled HH:MM.")
    }

    def to_internal_value(self, data: Any) -> int:
        """Minutes since midnight, or `invalid`."""
        if not isinstance(data, str) or not re.fullmatch(_CLOCK, data):
            self.fail("invalid")
        hours, minutes = data.split(":")
        return int(hours) * 60 + int(minutes)

    def to_representation(self, value: int) -> str:
        """`HH:MM`."""
        return f"{value // 60:02d}:{value % 60:02d}"


class CreateAvailabilityRuleIn(Shape):
    """Weekly hours."""

    example: ClassVar[dict[str, Any]] = {
        "physician": f"stf_{_ID}",
        "weekday": 1,
        "starts_local": "09:00",
        "ends_local": "12:00",
        "slot_minutes": 30,
        "zone": "Asia/Tokyo",
        "valid_from": "2026-03-01",
        "valid_until": None,
    }

    physician = PublicId("stf")
    weekday = Whole(min_value=1, max_value=7, help_text="1 is Monday (ISO 8601).")
    starts_local = LocalTime()
    ends_local = LocalTime()
    slot_minutes = Whole(min_value=5, max_value=240)
    zone = Zone(max_length=64)
    valid_from = CivilDate()
    valid_until = CivilDate(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A slot fits in, and the last day is not before the first."""
        if attrs["starts_local"] + attrs["slot_minutes"] > attrs["ends_local"]:
            raise _wrong(
                "ends_local",
                "too_short",
                said("この時間には枠が入りません。", "Not one slot fits between the two times."),
            )
        if attrs["valid_until"] is not None and attrs["valid_until"] < attrs["valid_from"]:
            raise _wrong(
                "valid_until",
                "before_start",
                said("valid_from より前です。", "Must not be before valid_from."),
            )
        return attrs


class CreateAvailabilityExceptionIn(Shape):
    """An interval in which the physician is away, or works besides."""

    example: ClassVar[dict[str, Any]] = {
        "physician": f"stf_{_ID}",
        "kind": "extra",
        "starts_at": "2026-03-14T00:00:00Z",
        "ends_at": "2026-03-14T03:00:00Z",
        "slot_minutes": 30,
    }

    physician = PublicId("stf")
    kind = Code(ExceptionKind)
    starts_at = Instant()
    ends_at = Instant()
    slot_minutes = Whole(min_value=5, max_value=240, required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """It lasts a while but not too long; `slot_minutes` is for extra hours and only there."""
        is_extra = attrs["kind"] == ExceptionKind.EXTRA
        if is_extra is (attrs["slot_minutes"] is None):
            raise _wrong(
                "slot_minutes",
                "extra_only",
                said("臨時枠のときだけ指定します。", "Needed for extra hours, and only there."),
            )
        minutes = (attrs["ends_at"] - attrs["starts_at"]).total_seconds() / 60
        longest = _DAY_OF_MINUTES if is_extra else _YEAR_OF_DAYS * _DAY_OF_MINUTES
        if not (attrs["slot_minutes"] or 0) <= minutes <= longest or minutes <= 0:
            raise _wrong(
                "ends_at",
                "bad_length",
                said("期間が短すぎるか長すぎます。", "Too short or too long an interval."),
            )
        return attrs


def _wrong(name: str, code: str, message: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [serializers.ErrorDetail(message, code=code)]})


class _HoursOut(StatefulOut):
    physician = PublicId("stf", source="physician_id", read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_available_actions(self, row: Row) -> list[str]:
        """Nothing where the hours are not the reader's to set."""
        actor = self.context["actor"]
        mine = actor.role is Role.PHYSICIAN and _whose(row) == actor.user_id
        if not may_set_hours(role=actor.role, is_own=mine):
            return []
        return super().get_available_actions(row)


def _whose(row: Any) -> Any:
    return row.physician.user_id


class AvailabilityRuleOut(_HoursOut):
    """Weekly hours."""

    table = AVAILABILITY_RULES
    example: ClassVar[dict[str, Any]] = {
        "id": f"avr_{_ID}",
        "version": 1,
        "status": "active",
        "available_actions": ["withdraw"],
        **CreateAvailabilityRuleIn.example,
        "created_at": "2026-03-01T00:00:00Z",
        "withdrawn_at": None,
    }

    weekday = serializers.IntegerField(read_only=True)
    starts_local = LocalTime(source="starts_minute", read_only=True)
    ends_local = LocalTime(source="ends_minute", read_only=True)
    slot_minutes = serializers.IntegerField(read_only=True)
    zone = serializers.CharField(read_only=True)
    valid_from = serializers.DateField(read_only=True)
    valid_until = serializers.DateField(read_only=True, allow_null=True)


class AvailabilityExceptionOut(_HoursOut):
    """An exception from the weekly hours."""

    table = AVAILABILITY_EXCEPTIONS
    example: ClassVar[dict[str, Any]] = {
        "id": f"avx_{_ID}",
        "version": 1,
        "status": "active",
        "available_actions": ["withdraw"],
        **CreateAvailabilityExceptionIn.example,
        "created_at": "2026-03-01T00:00:00Z",
        "withdrawn_at": None,
    }

    kind = serializers.ChoiceField(choices=[kind.value for kind in ExceptionKind], read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    slot_minutes = serializers.IntegerField(read_only=True, allow_null=True)


class SlotOut(serializers.Serializer):
    """A slot that is free now: hold it with POST /v1/visits."""

    example: ClassVar[dict[str, Any]] = {
        "starts_at": "2026-03-12T00:00:00Z",
        "ends_at": "2026-03-12T00:30:00Z",
    }

    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
