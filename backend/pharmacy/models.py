"""The ledger of what was handed over and came back; webhook endpoints and what is owed to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from backend.accounts.models import Patient, Pharmacy
from backend.db import Row, together
from backend.formulary.models import Lot
from backend.prescriptions.models import Decision, Prescription


class Dispense(Row):
    """One hand-over. Insert-only; a trigger adds `capsules` to the prescription or refuses."""

    PREFIX = "dsp"

    prescription = models.ForeignKey(
        Prescription, models.PROTECT, related_name="dispenses", db_index=False
    )
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="dispenses")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    fill_no = models.PositiveSmallIntegerField(help_text="1 = the first of its prescription.")
    capsules = models.PositiveSmallIntegerField()
    handed_over_at = models.DateTimeField()
    handed_over_by = models.CharField(max_length=120, help_text="The actor's label.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dispense_fill_once", fields=["prescription", "fill_no"]),
            models.CheckConstraint(
                name="dispense_capsules_from_1", condition=Q(capsules__gte=1, fill_no__gte=1)
            ),
        ]


class MedicineReturn(Row):
    """Capsules that came back and were destroyed (W-09). Insert-only; a trigger counts them."""

    PREFIX = "ret"

    dispense = models.ForeignKey(Dispense, models.PROTECT, related_name="returns")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    capsules = models.PositiveSmallIntegerField()
    mg = models.PositiveIntegerField(help_text="Milligrams taken off the course's total.")
    reason = models.CharField(max_length=24)
    returned_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120, help_text="The actor's label.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="medicine_return_capsules_from_1", condition=Q(capsules__gte=1)
            ),
            models.CheckConstraint(
                name="medicine_return_reason_known",
                condition=Q(
                    reason__in=[
                        "course_stopped",
                        "adverse_effect",
                        "not_collected",
                        "dispensing_error",
                        "recall",
                        "other",
                    ]
                ),
            ),
        ]


class WebhookEndpoint(Row):
    """Where a pharmacy wants to be told. Its secrets are encrypted and never shown again."""

    PREFIX = "whk"

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40), size=20)
    status = models.CharField(max_length=10, default="enabled")
    secret_sealed = models.BinaryField()
    previous_secret_sealed = models.BinaryField(null=True)
    previous_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=20, null=True, help_text="asked or gone (410)")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="webhook_endpoint_once",
                fields=["pharmacy", "url"],
                condition=Q(status="enabled"),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_status_known",
                condition=Q(status="enabled", disabled_at__isnull=True)
                | Q(status="disabled", disabled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_disabled_with_reason",
                condition=together("disabled_at", "disabled_reason"),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_previous_secret_ends",
                condition=together("previous_secret_sealed", "previous_secret_until"),
            ),
        ]


class WebhookDelivery(Row):
    """One message owed to one endpoint. `source` names its cause: `outbox:17`, `test:<id>`."""

    PREFIX = "whd"

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=60)
    type = models.CharField(max_length=40)
    sequence = models.BigIntegerField(help_text="Grows with each event: receivers order by it.")
    payload = models.JSONField()
    status = models.CharField(max_length=10, default="pending")
    next_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_http_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="webhook_delivery_once", fields=["endpoint", "source"]),
            models.CheckConstraint(
                name="webhook_delivery_status_known",
                condition=Q(status__in=["pending", "leased", "delivered", "failed", "dead"]),
            ),
            models.CheckConstraint(
                name="webhook_delivery_waits_for_something",
                condition=Q(status__in=["pending", "failed"], next_at__isnull=False)
                | Q(status__in=["leased", "delivered", "dead"], next_at__isnull=True),
            ),
            models.CheckConstraint(
                name="webhook_delivery_lease_while_leased",
                condition=Q(status="leased", lease_until__isnull=False)
                | (~Q(status="leased") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="webhook_delivery_delivered_with_time",
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="webhook_delivery_due",
                condition=Q(status__in=["pending", "failed"]),
            ),
            models.Index(
                fields=["lease_until"],
                name="webhook_delivery_leased",
                condition=Q(status="leased"),
            ),
        ]


class WebhookAttempt(models.Model):
    """A try began, or ended: insert-only, so a process that died in between can be seen."""

    delivery = models.ForeignKey(WebhookDelivery, models.PROTECT, related_name="log")
    epoch = models.PositiveIntegerField()
    phase = models.CharField(max_length=5)
    at = models.DateTimeField()
    http_status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="webhook_attempt_once", fields=["delivery", "epoch", "phase"]
            ),
            models.CheckConstraint(
                name="webhook_attempt_phase_known", condition=Q(phase__in=["began", "ended"])
            ),
        ]
        ordering = [F("id").asc()]
