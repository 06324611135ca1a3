"""Use case: the invitation was lost; send it again."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from backend.accounts.errors import HasPassword
from backend.accounts.mails import INVITATION, send_now
from backend.accounts.models import StaffMember
from backend.accounts.rules import STAFF_MEMBERS
from backend.audit.record import record
from backend.db import check_version, service
from backend.kernel.actor import Actor


@service
def send_invitation(
    *, staff_member_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> StaffMember:
    """The member, who got the mail once more.

    Raises NotAllowedFromHere, HasPassword (409), Unavailable (503).
    """
    member = (
        StaffMember.objects.select_for_update(of=("self",))
        .select_related("user", "clinic")
        .get(id=staff_member_id)
    )
    STAFF_MEMBERS.check_move("send_invitation", member.status)
    check_version(member, expected_version)
    if member.user.has_usable_password():
        raise HasPassword()
    record(STAFF_MEMBERS["send_invitation"].action, on=member, by=by, at=at)
    send_now(
        INVITATION,
        to=member.user.email,
        clinic=member.clinic.name,
        reset_url=f"{settings.PUBLIC_URL}/account/password/reset/",
    )
    return member
