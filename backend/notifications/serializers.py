"""Delivery evidence, without what was said and without the address."""

from rest_framework import serializers

from backend.api.out import StatefulOut
from backend.notifications.rules import NOTIFICATIONS


class NotificationOut(StatefulOut):
    """A notice: when it was queued, tried and sent."""

    table = NOTIFICATIONS

    patient_id = serializers.CharField(source="patient.ref")
    template = serializers.CharField(help_text="Which kind of notice.")
    channel = serializers.CharField()
    language = serializers.CharField(help_text="`ja` or `en`.")
    about_ref = serializers.CharField(help_text="The public id of what it is about, or empty.")
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Not before; quiet hours already kept.")
    attempts = serializers.IntegerField(help_text="How often the channel was called.")
    sent_at = serializers.DateTimeField(allow_null=True)
    provider_ref = serializers.CharField(
        allow_null=True, help_text="The Message-ID that the mail server took."
    )
