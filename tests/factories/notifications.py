"""Notices. The default waits; a trait is a real situation."""

from datetime import UTC, datetime, timedelta

import factory

from backend.notifications.models import Notification
from tests.factories.accounts import PatientFactory

NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)  # 12:00 in Tokyo


class NotificationFactory(factory.django.DjangoModelFactory):
    """A reminder that falls due at noon in Tokyo."""

    class Meta:
        model = Notification

    patient = factory.SubFactory(PatientFactory)
    template = "check_in_opened"
    language = "ja"
    key = factory.Sequence(lambda n: f"notice-{n}")
    created_at = NOON
    due_at = NOON

    class Params:
        leased = factory.Trait(status="leased", lease_until=NOON + timedelta(seconds=60), epoch=1)
        sent = factory.Trait(
            status="sent", sent_at=NOON, provider_ref="<a@suhada.example>", epoch=1, attempts=1
        )
