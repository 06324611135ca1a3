"""PostgreSQL itself refuses what must not be."""

import pytest
from django.db import Error, IntegrityError, connection

from backend.notifications.models import Attempt, Notification
from tests.factories.notifications import NOON, NotificationFactory

pytestmark = pytest.mark.django_db


def test_two_notices_with_one_key_are_refused():
    NotificationFactory(key="same")

    with pytest.raises(IntegrityError, match="notification_key_once"):
        NotificationFactory(key="same")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "notification_status_known"),
        ({"channel": "fax"}, "notification_channel_known"),
        ({"status": "leased"}, "notification_leased_with_lease"),
        ({"lease_until": NOON}, "notification_leased_with_lease"),
        ({"status": "sent"}, "notification_sent_with_evidence"),
        ({"sent_at": NOON}, "notification_sent_with_evidence"),
        ({"provider_ref": "<a@b>"}, "notification_sent_with_evidence"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(changes, constraint):
    notice = NotificationFactory()

    with pytest.raises(IntegrityError, match=constraint):
        Notification.objects.filter(id=notice.id).update(**changes)


def test_two_attempts_in_one_epoch_are_refused():
    notice = NotificationFactory(leased=True)
    Attempt.objects.create(notification=notice, epoch=1, message_id="<a@b>", at=NOON)

    with pytest.raises(IntegrityError, match="attempt_once_per_epoch"):
        Attempt.objects.create(notification=notice, epoch=1, message_id="<a@b>", at=NOON)


@pytest.mark.parametrize("act", ["UPDATE", "DELETE"])
def test_an_attempt_can_be_neither_changed_nor_removed(act):
    notice = NotificationFactory(leased=True)
    Attempt.objects.create(notification=notice, epoch=1, message_id="<a@b>", at=NOON)
    statement = {
        "UPDATE": "UPDATE notifications_attempt SET epoch = 9",
        "DELETE": "DELETE FROM notifications_attempt",
    }[act]

    with pytest.raises(Error, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
