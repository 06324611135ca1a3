"""Use case: somebody leaves the clinic."""

from datetime import datetime
from uuid import UUID

from backend.accounts import events
from backend.accounts.errors import NotYourself
from backend.accounts.models import StaffMember
from backend.accounts.rules import STAFF_MEMBERS
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor
from backend.outbox.emit import emit


@service
def deactivate_staff_member(
    *, staff_member_id: UUID, by: Actor, at: datetime, expected_version: int | None = None
) -> StaffMember:
    """The member, who can no longer sign in; sessions that are open end with this commit.

    Raises NotAllowedFromHere, NotYourself (409).
    """
    member = (
        StaffMember.objects.select_for_update(of=("self", "user"))
        .select_related("user", "clinic")
        .get(id=staff_member_id)
    )
    STAFF_MEMBERS.check_move("deactivate", member.status)
    check_version(member, expected_version)
    if member.user_id == by.user_id:
        raise NotYourself()

    member.deactivated_at = at
    save_changes(member, "deactivated_at")
    member.user.is_active = False
    member.user.save(update_fields=["is_active"])

    record(STAFF_MEMBERS["deactivate"].action, on=member, by=by, at=at)
    payload = {"staff_member_id": member.ref, "clinic_id": member.clinic.ref}
    emit(events.STAFF_MEMBER_DEACTIVATED, at=at, payload=payload)
    return member
