"""Use case: an administrator saw a member's licence or training."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from backend.accounts.errors import LicenceNumberRequired
from backend.accounts.models import StaffMember
from backend.accounts.rules import STAFF_MEMBERS
from backend.audit.record import record
from backend.db import check_version, save_changes, service
from backend.kernel.actor import Actor, Role


@service
def update_credentials(
    *,
    staff_member_id: UUID,
    changes: Mapping[str, str | bool | date | None],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> StaffMember:
    """The member with the changes: licence (J-11), online training (J-14), expertise (P-PP-02).

    Raises NotAllowedFromHere (409), LicenceNumberRequired (422).
    """
    member = (
        StaffMember.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(id=staff_member_id)
    )
    STAFF_MEMBERS.check_move("update_credentials", member.status)
    check_version(member, expected_version)

    changed = sorted(name for name, value in changes.items() if getattr(member, name) != value)
    for name in changed:
        setattr(member, name, changes[name])
    physician = member.user.role == Role.PHYSICIAN.value
    if not member.licence_number and (physician or member.licence_verified_on):
        raise LicenceNumberRequired()
    save_changes(member, *changed)

    facts = {"fields": changed}
    record(STAFF_MEMBERS["update_credentials"].action, on=member, by=by, at=at, facts=facts)
    return member
