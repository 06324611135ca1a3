"""What the rules say now, and what was signed."""

import base64
from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import PublicId
from backend.api.out import RowOut
from backend.prescriptions.models import Signature
from backend.prescriptions.signing import ALGORITHM


def _base64(value: bytes | memoryview) -> str:
    return base64.b64encode(bytes(value)).decode()


class FindingOut(serializers.Serializer):
    """One rule's answer: what is wrong, what would change it, and who can do that."""

    rule = serializers.CharField(help_text="Its number in the rule book, for example C-11.")
    level = serializers.CharField(
        help_text="counsel, warn, senior, hold, block, stop or urgent, in rising order."
    )
    message = serializers.CharField()
    remedy = serializers.CharField(allow_null=True, help_text="What would change the answer.")
    remedy_by = serializers.CharField(help_text="Who can do it.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Facts that are needed and not known."
    )
    evidence = serializers.DictField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]
    signed_off = serializers.BooleanField(help_text="Another physician signed this finding off.")


class AssessmentOut(serializers.Serializer):
    """May it be approved at this moment? Nothing is changed by asking."""

    prescription = serializers.CharField()
    decision = serializers.CharField(help_text="clear, senior, hold, block, stop or urgent.")
    may_be_approved = serializers.BooleanField(
        help_text="Clear, or every senior finding is signed off by another physician."
    )
    pack = serializers.CharField()
    pack_version = serializers.CharField()
    today = serializers.CharField(allow_null=True, help_text="Civil day of the patient.")
    findings = FindingOut(many=True, help_text="All of them, the most severe first.")
    missing = serializers.ListField(child=serializers.CharField())


class SignedContentOut(RowOut):
    """The signed bytes (canonical JSON, RFC 8785), the signature and the key that fits it."""

    prescription = PublicId("rx", source="prescription_id", read_only=True)
    algorithm = serializers.SerializerMethodField()
    key_id = serializers.CharField(read_only=True)
    content = serializers.SerializerMethodField(help_text="Base64 of the signed bytes.")
    signature = serializers.SerializerMethodField(help_text="Base64, 64 bytes.")
    public_key = serializers.SerializerMethodField(help_text="Base64, 32 bytes.")
    signed_at = serializers.DateTimeField(read_only=True)

    def get_algorithm(self, row: Signature) -> str:  # noqa: ARG002
        """Ed25519 (RFC 8032)."""
        return ALGORITHM

    def get_content(self, row: Signature) -> str:
        """The bytes that were signed."""
        return _base64(row.content)

    def get_signature(self, row: Signature) -> str:
        """The signature over them."""
        return _base64(row.signature)

    def get_public_key(self, row: Signature) -> str:
        """The key that it is checked with."""
        return _base64(row.key.public_key)


class SigningKeyOut(serializers.Serializer):
    """A public key of the service."""

    key_id = serializers.CharField(help_text="First 32 hex digits of the SHA-256 of the key.")
    algorithm = serializers.CharField()
    public_key = serializers.CharField(help_text="Base64, 32 bytes.")
    signs_now = serializers.BooleanField()

    example: ClassVar[dict[str, Any]] = {
        "key_id": "0" * 32,
        "algorithm": ALGORITHM,
        "public_key": _base64(bytes(32)),
        "signs_now": True,
    }
