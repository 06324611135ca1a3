"""Entries as they are shown, and the proof that one of them is in the log."""

import base64
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.audit.export.prove import Proven
from backend.audit.models import Outcome
from backend.audit.read import OpenedEntry


class AuditEntryOut(serializers.Serializer):
    """One entry: who did what to which object, when, with what outcome."""

    example: ClassVar[dict[str, Any]] = {
        "id": "1042",
        "at": "2026-03-10T12:00:00.000000Z",
        "actor": "physician:usr_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "actor_role": "physician",
        "action": "prescription.approve",
        "object": "rx_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "pseudonym": "psn_0123456789abcdef0123456789",
        "outcome": "done",
        "request_id": "req_0123456789abcdef",
        "facts": {},
        "leaf": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }

    id = serializers.CharField(read_only=True, source="entry.id")
    at = serializers.DateTimeField(
        read_only=True, source="entry.at", help_text="On the subject's clock, UTC."
    )
    recorded_at = serializers.DateTimeField(
        read_only=True, source="entry.recorded_at", help_text="The database's clock, UTC."
    )
    actor = serializers.CharField(read_only=True, source="entry.actor")
    actor_role = serializers.CharField(read_only=True, source="entry.actor_role")
    action = serializers.CharField(read_only=True, source="entry.action")
    object = serializers.SerializerMethodField(help_text="Public id; a patient's while known.")
    patient = serializers.CharField(
        read_only=True,
        allow_null=True,
        source="patient_ref",
        help_text="Null for entries about nobody, and once the patient's key is destroyed.",
    )
    pseudonym = serializers.CharField(read_only=True, allow_null=True, source="entry.pseudonym")
    outcome = serializers.ChoiceField(
        read_only=True, source="entry.outcome", choices=Outcome.choices
    )
    request_id = serializers.CharField(read_only=True, source="entry.request_id")
    facts = serializers.DictField(
        read_only=True, allow_null=True, help_text="Null once the patient's key is destroyed."
    )
    leaf = serializers.SerializerMethodField(help_text="SHA-256 leaf hash, hexadecimal.")

    def get_object(self, opened: OpenedEntry) -> str:
        """The thing that the entry is about; the patient's own id instead of the pseudonym."""
        return object_of(opened)

    def get_leaf(self, opened: OpenedEntry) -> str:
        """The leaf hash in hexadecimal."""
        return bytes(opened.entry.leaf).hex()


def object_of(opened: OpenedEntry) -> str:
    """What an entry is about, a patient by the public id while it is known."""
    named = opened.entry.object_ref
    is_patient = opened.patient_ref is not None and named == opened.entry.pseudonym
    return str(opened.patient_ref) if is_patient else named


class ProofOut(serializers.Serializer):
    """Where an entry stands in the log, and what proves it."""

    leaf_index = serializers.IntegerField(read_only=True)
    tree_size = serializers.IntegerField(source="head.size", read_only=True)
    proof = serializers.CharField(
        source="proof.text",
        read_only=True,
        help_text="c2sp.org/tlog-proof@v1, with the checkpoint in it: keep it as a file.",
    )
    checkpoint = serializers.CharField(source="head.text", read_only=True)
    vkey = serializers.CharField(source="head.key", read_only=True, help_text="The log's key.")


class ProvenEntryOut(AuditEntryOut):
    """An entry with the bytes that were sealed, and their proof."""

    purpose = serializers.SerializerMethodField(help_text="Why: treatment, or emergency.")
    body = serializers.SerializerMethodField(
        help_text="The canonical bytes (RFC 8785) whose hash is the leaf, base 64."
    )
    salt = serializers.SerializerMethodField(
        help_text="The commitment in the body is SHA-256 of this salt and the canonical facts."
    )
    sealed = serializers.SerializerMethodField(
        help_text="Null until a signed checkpoint covers the entry: about ten seconds."
    )

    def get_purpose(self, opened: OpenedEntry) -> str | None:
        """Out of the body: no column repeats it."""
        purpose: str | None = opened.entry.content.get("purpose")
        return purpose

    def get_body(self, opened: OpenedEntry) -> str:
        """The bytes."""
        return base64.b64encode(bytes(opened.entry.body)).decode()

    def get_salt(self, opened: OpenedEntry) -> str | None:
        """In hexadecimal; None where the facts stand in the body, or cannot be read any more."""
        return opened.salt.hex() if opened.salt is not None else None

    @extend_schema_field(ProofOut(allow_null=True))
    def get_sealed(self, _: OpenedEntry) -> Any:
        """The proof, if there is one yet."""
        proven: Proven | None = self.context["proven"]
        return ProofOut(proven).data if proven is not None else None


class AuditFindingOut(serializers.Serializer):
    """One thing wrong with the trail."""

    entry = serializers.CharField(allow_null=True)
    reason = serializers.CharField()


class VerificationOut(serializers.Serializer):
    """The verdict."""

    entries = serializers.IntegerField()
    sound = serializers.BooleanField()
    findings = AuditFindingOut(many=True)
