"""Delivery evidence, without what was said and without the address."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import PublicId
from backend.api.out import StatefulOut
from backend.notifications.rules import NOTIFICATIONS


class NotificationOut(StatefulOut):
    """A notice: when it was queued, tried and sent."""

    table = NOTIFICATIONS
    example: ClassVar[dict[str, Any]] = {
        "id": "ntf_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "version": 4,
        "status": "sent",
        "available_actions": [],
        "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "template": "check_in_opened",
        "channel": "email",
        "language": "ja",
        "about": "chk_01hqxv5y2k8m3n4p5q6r7s8t9v",
        "created_at": "2026-03-17T00:00:00Z",
        "due_at": "2026-03-17T00:00:00Z",
        "attempts": 1,
        "sent_at": "2026-03-17T00:00:02Z",
        "provider_ref": "<6f1d2c@suhada.example>",
    }

    patient = PublicId("pt", source="patient_id", read_only=True)
    template = serializers.CharField(help_text="Which kind of notice.")
    channel = serializers.CharField()
    language = serializers.CharField(help_text="`ja` or `en`.")
    about = serializers.CharField(
        source="about_ref", help_text="The public id of what it is about, or empty."
    )
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Not before; quiet hours already kept.")
    attempts = serializers.IntegerField(help_text="How often the channel was called.")
    sent_at = serializers.DateTimeField(allow_null=True)
    provider_ref = serializers.CharField(
        allow_null=True, help_text="The Message-ID that the mail server took."
    )
