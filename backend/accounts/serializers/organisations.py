"""Shapes of organisations, their clients and test clocks, in and out."""

from typing import Any

from rest_framework import serializers

from backend.accounts.rules import API_CLIENTS, PHARMACIES, TEST_CLOCKS, PharmacyKind
from backend.api.fields import Code, Instant, Line, PublicId, Shape
from backend.api.out import RowOut, StatefulOut

_PHARMACY = "ph_01jq8z6c5wf3k9d2m7x4v0n1ab"


class RegisterPharmacyIn(Shape):
    """A pharmacy of the clinic."""

    name = Line(max_length=120)
    kind = Code(PharmacyKind)

    example = {"name": "さくら皮膚科 院内薬局", "kind": "clinic_dispensary"}


class IssueApiClientIn(Shape):
    """A machine of a pharmacy."""

    pharmacy = PublicId("ph")
    name = Line(max_length=80)

    example = {"pharmacy": _PHARMACY, "name": "dispensing software"}


class CreateTestClockIn(Shape):
    """A clock that stands still."""

    name = Line(max_length=80)
    frozen_at = Instant()

    example = {"name": "eight months", "frozen_at": "2026-03-10T03:00:00Z"}


class AdvanceTestClockIn(Shape):
    """Until when."""

    to = Instant(help_text="Later than the clock shows, by at most 400 days.")

    example = {"to": "2026-04-10T03:00:00Z"}


class ClinicOut(RowOut):
    """A clinic."""

    name = serializers.CharField(read_only=True)
    name_en = serializers.CharField(read_only=True)
    programme = serializers.CharField(read_only=True, help_text="The rules: jp, us, uk or eu.")
    zone = serializers.CharField(read_only=True, help_text="IANA.")
    telephone = serializers.CharField(read_only=True)


class PharmacyOut(StatefulOut):
    """A pharmacy."""

    table = PHARMACIES

    clinic = PublicId("cl", source="clinic_id", read_only=True)
    name = serializers.CharField(read_only=True)
    kind = serializers.CharField(read_only=True)
    deactivated_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ApiClientOut(StatefulOut):
    """A client of a pharmacy. The key is not here."""

    table = API_CLIENTS

    pharmacy = PublicId("ph", source="pharmacy_id", read_only=True)
    name = serializers.CharField(read_only=True)
    key_prefix = serializers.CharField(read_only=True, help_text="The public part of the key.")
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)


class NewApiClientOut(ApiClientOut):
    """A client whose key was made just now."""

    key = serializers.SerializerMethodField(
        help_text="Shown in the first reply only and kept nowhere; null when it is replayed."
    )

    def get_key(self, client: Any) -> str | None:  # noqa: ARG002
        """Nothing: the view adds the key after the reply was stored under its idempotency key."""
        return None


class TestClockOut(StatefulOut):
    """A test clock."""

    __test__ = False  # not a test class
    table = TEST_CLOCKS

    clinic = PublicId("cl", source="clinic_id", read_only=True)
    name = serializers.CharField(read_only=True)
    frozen_at = serializers.DateTimeField(read_only=True, help_text="What the clock shows. UTC.")
    target_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Where it is advancing to. UTC."
    )
