"""Shapes of people, in and out."""

from typing import Any

from django.core.validators import EmailValidator, RegexValidator
from rest_framework import serializers

from backend.accounts.queries import has_second_factor
from backend.accounts.rules import PATIENTS, STAFF_MEMBERS, IdentityDocument
from backend.api.fields import CivilDate, Code, Flag, Line, PublicId, Shape, Zone
from backend.api.language import said
from backend.api.out import RowOut, StatefulOut
from backend.kernel.actor import Actor, Role

LANGUAGES = ("ja", "en")
INVITED_AS = (
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
)
_ASCII = RegexValidator(r"\A[\x00-\x7f]*\Z", "ASCII only.", "invalid")  # no two look the same
_ID = "01jq8z6c5wf3k9d2m7x4v0n1ab"


def _telephone(**options: Any) -> Line:
    digits = RegexValidator(r"\A\+?[0-9][0-9-]{4,18}\Z", "Digits and hyphens.", "invalid")
    return Line(max_length=20, allow_blank=True, validators=[digits], **options)


class RegisterPatientIn(Shape):
    """The profile of whoever signed up."""

    clinic = PublicId("cl")
    name = Line(max_length=120)
    name_kana = Line(max_length=120, help_text="The reading of the name.")
    birth_on = CivilDate()
    zone = Zone(max_length=64, help_text="IANA, where the patient lives.")
    language = Code(LANGUAGES, default="ja")
    telephone = _telephone(default="")
    test_clock = PublicId("clk", required=False, help_text="Sandbox only; for good.")

    example = {
        "clinic": f"cl_{_ID}",
        "name": "山田 花子",
        "name_kana": "ヤマダ ハナコ",
        "birth_on": "2001-06-15",
        "zone": "Asia/Tokyo",
        "language": "ja",
        "telephone": "090-0000-0000",
    }


class VerifyIdentityIn(Shape):
    """What the identity was read from (J-11). Numbers and images are not kept."""

    document = Code(IdentityDocument)

    example = {"document": "my_number_card"}


class SomeOf(Shape):
    """At least one of the fields."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The fields that were sent, or `nothing_to_change`."""
        if not attrs:
            raise serializers.ValidationError(
                said("変更する項目がありません。", "Nothing to change."), code="nothing_to_change"
            )
        return attrs


class UpdateContactIn(SomeOf):
    """What changes."""

    name_kana = Line(max_length=120, required=False)
    zone = Zone(max_length=64, required=False)
    language = Code(LANGUAGES, required=False)
    telephone = _telephone(required=False)

    example = {"zone": "Asia/Tokyo", "telephone": "090-1111-2222"}


class InviteStaffMemberIn(Shape):
    """Somebody who joins the clinic."""

    email = Line(max_length=254, validators=[EmailValidator(), _ASCII])
    role = Code(INVITED_AS)
    name = Line(max_length=120)
    name_kana = Line(max_length=120, default="")
    licence_number = Line(max_length=20, default="", help_text="Required for a physician.")
    licence_verified_on = CivilDate(default=None, allow_null=True)
    online_training_on = CivilDate(default=None, allow_null=True, help_text="J-14")
    is_retinoid_expert = Flag(default=False, help_text="P-PP-02")
    is_senior = Flag(default=False, help_text="May decide what needs a senior physician.")

    example = {
        "email": "sato@clinic.example",
        "role": "physician",
        "name": "佐藤 一郎",
        "licence_number": "123456",
        "licence_verified_on": "2026-01-15",
        "online_training_on": "2026-01-10",
        "is_retinoid_expert": True,
    }


class UpdateCredentialsIn(SomeOf):
    """What changes."""

    licence_number = Line(max_length=20, required=False)
    licence_verified_on = CivilDate(required=False, allow_null=True)
    online_training_on = CivilDate(required=False, allow_null=True, help_text="J-14")
    is_retinoid_expert = Flag(required=False, help_text="P-PP-02")
    is_senior = Flag(required=False)

    example = {"licence_verified_on": "2026-03-01"}


class MeOut(serializers.Serializer):
    """Whoever asks."""

    id = serializers.CharField(source="ref", read_only=True)
    role = serializers.CharField(source="actor.role.value", read_only=True)
    email = serializers.CharField(read_only=True, default=None, help_text="Null for a client.")
    name = serializers.SerializerMethodField(help_text="Null before there is a profile.")
    clinic = PublicId("cl", source="actor.clinic_id", read_only=True, allow_null=True)
    patient = PublicId("pt", source="actor.patient_id", read_only=True, allow_null=True)
    staff_member = serializers.CharField(
        source="staff_member.ref", read_only=True, default=None, help_text="Null for others."
    )
    pharmacy = PublicId("ph", source="actor.pharmacy_id", read_only=True, allow_null=True)
    second_factor = serializers.SerializerMethodField(
        help_text="Whether an authenticator app or a passkey is set up."
    )

    def get_name(self, account: Any) -> str | None:
        """The person's name, or the client's."""
        profile = getattr(account, "patient", None) or getattr(account, "staff_member", None)
        name: str | None = getattr(profile or account, "name", None)
        return name

    def get_second_factor(self, account: Any) -> bool:
        """For a person; a client has none."""
        actor: Actor = account.actor
        return actor.user_id is not None and has_second_factor(actor.user_id)


class PatientOut(StatefulOut):
    """A patient, without health data."""

    table = PATIENTS

    clinic = PublicId("cl", source="clinic_id", read_only=True)
    name = serializers.CharField(read_only=True)
    name_kana = serializers.CharField(read_only=True)
    birth_on = serializers.DateField(read_only=True)
    zone = serializers.CharField(read_only=True, help_text="IANA.")
    language = serializers.CharField(read_only=True)
    telephone = serializers.CharField(read_only=True, help_text="Empty: not given.")
    identity_verified_at = serializers.DateTimeField(read_only=True, allow_null=True)
    identity_document = serializers.CharField(read_only=True, help_text="Empty: not verified.")
    test_clock = PublicId("clk", source="test_clock_id", read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


_SHOWN: dict[str, Any] = {"read_only": True, "required": False}


class PatientListedOut(serializers.Serializer):
    """A patient in a list. Physicians are shown what it takes to tell one patient from another.

    Whom they treat they read one by one; for the others they would have to break the glass.
    """

    id = serializers.CharField(source="ref", read_only=True, help_text="Prefixed id.")
    name = serializers.CharField(read_only=True)
    name_kana = serializers.CharField(read_only=True)
    birth_on = serializers.DateField(read_only=True)
    version = serializers.IntegerField(**_SHOWN)
    status = serializers.CharField(**_SHOWN)
    clinic = PublicId("cl", source="clinic_id", **_SHOWN)
    zone = serializers.CharField(**_SHOWN, help_text="IANA.")
    language = serializers.CharField(**_SHOWN)
    telephone = serializers.CharField(**_SHOWN, help_text="Empty: not given.")
    identity_verified_at = serializers.DateTimeField(**_SHOWN, allow_null=True)
    test_clock = PublicId("clk", source="test_clock_id", **_SHOWN, allow_null=True)
    created_at = serializers.DateTimeField(**_SHOWN)

    def get_fields(self) -> dict[str, Any]:
        """The fields that this kind of reader is shown."""
        fields = super().get_fields()
        actor: Actor | None = self.context.get("actor")
        if actor is None or actor.role is not Role.PHYSICIAN:
            return fields
        return {name: fields[name] for name in ("id", "name", "name_kana", "birth_on")}


class PhysicianOut(RowOut):
    """What a patient may know of a physician (feature 30, J-11): no dates, no address."""

    clinic = PublicId("cl", source="clinic_id", read_only=True)
    name = serializers.CharField(read_only=True)
    name_kana = serializers.CharField(read_only=True)
    licence_number = serializers.CharField(read_only=True)
    licence_verified = serializers.SerializerMethodField(help_text="The clinic saw the licence.")
    is_retinoid_expert = serializers.BooleanField(read_only=True)

    def get_licence_verified(self, member: Any) -> bool:
        """Whether the licence was seen, not when."""
        return member.licence_verified_on is not None


class StaffMemberOut(StatefulOut):
    """A member of staff, for those who manage or audit."""

    table = STAFF_MEMBERS

    clinic = PublicId("cl", source="clinic_id", read_only=True)
    user = PublicId("usr", source="user_id", read_only=True)
    email = serializers.CharField(source="user.email", read_only=True)
    role = serializers.CharField(source="user.role", read_only=True)
    name = serializers.CharField(read_only=True)
    name_kana = serializers.CharField(read_only=True)
    licence_number = serializers.CharField(read_only=True)
    licence_verified_on = serializers.DateField(read_only=True, allow_null=True)
    online_training_on = serializers.DateField(read_only=True, allow_null=True)
    is_retinoid_expert = serializers.BooleanField(read_only=True)
    is_senior = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    deactivated_at = serializers.DateTimeField(read_only=True, allow_null=True)
