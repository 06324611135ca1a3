"""Make sure that a leased notice is still this worker's."""

from uuid import UUID

from backend.db import require_transaction
from backend.kernel.errors import LeaseLost
from backend.notifications.models import Notification


def held(notification_id: UUID, epoch: int) -> Notification:
    """The locked notice, if this epoch still holds it. Raises LeaseLost."""
    require_transaction()
    notice = (
        Notification.objects.select_for_update(of=("self",))
        .select_related("patient__user")
        .get(id=notification_id)
    )
    if notice.status != "leased" or notice.epoch != epoch:
        raise LeaseLost()
    return notice
