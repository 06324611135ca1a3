"""Notices and the attempts to deliver them. No body is kept: a template and a language are."""

from django.db import models
from django.db.models import Q

from backend.accounts.models import Patient
from backend.db import Row, together

STATUSES = ["queued", "leased", "sent", "failed", "unknown", "cancelled"]


class Notification(Row):
    """One notice to one patient over one channel; `key` makes it one, however often asked for.

    `about_ref` names what it is about, so that it can be cancelled with it. `due_at` and
    `sent_at` are instants on the patient's clock; `lease_until` and `retry_at` on the wall clock,
    because they are about workers. `epoch` grows with each claim: a worker that lost its lease
    can no longer finish. `in_doubt`: the channel was called and its answer is not known.
    """

    PREFIX = "ntf"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    template = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, default="email")
    language = models.CharField(max_length=2)
    key = models.CharField(max_length=160)
    about_ref = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, default="queued")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    in_doubt = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notification_key_once", fields=["key"]),
            models.CheckConstraint(
                name="notification_status_known", condition=Q(status__in=STATUSES)
            ),
            models.CheckConstraint(
                name="notification_channel_known", condition=Q(channel__in=["email"])
            ),
            models.CheckConstraint(
                name="notification_leased_with_lease",
                condition=Q(status="leased", lease_until__isnull=False)
                | (~Q(status="leased") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="notification_sent_with_evidence",
                condition=together("sent_at", "provider_ref")
                & (Q(status="sent", sent_at__isnull=False) | ~Q(status="sent")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="notification_due", condition=Q(status="queued")),
            models.Index(
                fields=["lease_until"], name="notification_leases", condition=Q(status="leased")
            ),
            models.Index(fields=["patient", "-id"], name="notification_by_patient"),
            models.Index(
                fields=["about_ref"],
                name="notification_about",
                condition=Q(status__in=["queued", "leased"]),
            ),
        ]


class Attempt(models.Model):
    """Written before the channel is called, so that no call is without a trace. Append-only."""

    notification = models.ForeignKey(Notification, models.PROTECT, related_name="attempts_made")
    epoch = models.PositiveIntegerField()
    message_id = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attempt_once_per_epoch", fields=["notification", "epoch"]
            ),
        ]
