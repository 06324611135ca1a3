"""The pharmacy's rows. The defaults are lawful; a trait is a real situation."""

from datetime import UTC, datetime, timedelta

import factory
from uuid_utils.compat import uuid7

from backend.pharmacy.models import Dispense, MedicineReturn, WebhookDelivery, WebhookEndpoint
from backend.pharmacy.secret_box import seal
from backend.pharmacy.webhook_types import TYPES
from tests.factories.accounts import PharmacyFactory
from tests.factories.prescriptions import DecisionFactory, PrescriptionFactory

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OLD_SECRET = "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="


class WebhookEndpointFactory(factory.django.DjangoModelFactory):
    """An enabled endpoint for every type; its secret is SECRET."""

    class Meta:
        model = WebhookEndpoint

    id = factory.LazyFunction(uuid7)
    pharmacy = factory.SubFactory(PharmacyFactory)
    url = factory.Sequence(lambda n: f"https://pharmacy{n}.example/hooks")
    events = factory.LazyFunction(lambda: list(TYPES))
    secret_sealed = factory.LazyAttribute(lambda o: seal(SECRET, owner=o.id))
    created_at = NOW

    class Params:
        disabled = factory.Trait(status="disabled", disabled_at=NOW, disabled_reason="asked")
        rotated = factory.Trait(
            previous_secret_sealed=factory.LazyAttribute(lambda o: seal(OLD_SECRET, owner=o.id)),
            previous_secret_until=NOW + timedelta(hours=24),
        )


class WebhookDeliveryFactory(factory.django.DjangoModelFactory):
    """A message that waits for its first try."""

    class Meta:
        model = WebhookDelivery

    endpoint = factory.SubFactory(WebhookEndpointFactory)
    source = factory.Sequence(lambda n: f"outbox:{n}")
    type = "prescription.approved"
    sequence = factory.Sequence(lambda n: n)
    payload = factory.LazyAttribute(
        lambda o: {
            "type": o.type,
            "timestamp": "2026-03-10T03:00:00.000000Z",
            "data": {"prescription_id": "rx_01hqxv5y2k8m3n4p5q6r7s8t9v", "sequence": o.sequence},
        }
    )
    next_at = NOW
    created_at = NOW

    class Params:
        dead = factory.Trait(
            status="dead", next_at=None, attempts=10, epoch=10, last_http_status=500
        )
        delivered = factory.Trait(
            status="delivered",
            next_at=None,
            attempts=1,
            epoch=1,
            last_http_status=204,
            delivered_at=NOW,
        )
        leased = factory.Trait(
            status="leased",
            next_at=None,
            attempts=1,
            epoch=1,
            lease_until=NOW + timedelta(seconds=60),
        )


class DispenseFactory(factory.django.DjangoModelFactory):
    """Ten capsules handed over on a claimed prescription by the pharmacy that claimed it."""

    class Meta:
        model = Dispense

    prescription = factory.SubFactory(PrescriptionFactory, claimed=True)
    patient = factory.SelfAttribute("prescription.patient")
    pharmacy = factory.SelfAttribute("prescription.claimed_by")
    decision = factory.SubFactory(
        DecisionFactory,
        patient=factory.SelfAttribute("..patient"),
        course=factory.SelfAttribute("..prescription.course"),
        prescription=factory.SelfAttribute("..prescription"),
        moment="hand_over",
        purpose="dispense",
    )
    lot = factory.SelfAttribute("prescription.lot")
    fill_no = factory.LazyAttribute(
        lambda o: Dispense.objects.filter(prescription=o.prescription).count() + 1
    )
    capsules = 10
    handed_over_at = NOW
    handed_over_by = "pharmacy_client:cli_test"


class MedicineReturnFactory(factory.django.DjangoModelFactory):
    """One capsule that came back because the course was stopped."""

    class Meta:
        model = MedicineReturn

    dispense = factory.SubFactory(DispenseFactory)
    patient = factory.SelfAttribute("dispense.patient")
    capsules = 1
    mg = factory.LazyAttribute(lambda o: o.capsules * o.dispense.prescription.product.strength_mg)
    reason = "course_stopped"
    returned_at = NOW
    recorded_by = "pharmacy_client:cli_test"
