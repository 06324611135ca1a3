"""Use case: an administrator brings somebody into the clinic."""

from datetime import date, datetime

from django.conf import settings

from backend.accounts.errors import LicenceNumberRequired
from backend.accounts.mails import INVITATION, send_now
from backend.accounts.models import StaffMember
from backend.accounts.queries import clinic_of
from backend.accounts.rules import STAFF_MEMBERS
from backend.accounts.steps.open_account import open_account
from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor, Role


@service
def invite_staff_member(
    *,
    email: str,
    role: Role,
    name: str,
    name_kana: str = "",
    licence_number: str = "",
    licence_verified_on: date | None = None,
    online_training_on: date | None = None,
    is_retinoid_expert: bool = False,
    is_senior: bool = False,
    by: Actor,
    at: datetime,
) -> StaffMember:
    """The new member, with an account that has no password, and a mail that says how to set one.

    The mail is the last thing before the commit, as at sign-up: when it cannot go out (503),
    nobody was invited. Raises EmailTaken (409), LicenceNumberRequired (422), Unavailable (503).
    """
    if not licence_number and (role is Role.PHYSICIAN or licence_verified_on):
        raise LicenceNumberRequired()
    clinic = clinic_of(by)
    user = open_account(email=email, role=role, by=by, at=at)
    member = StaffMember.objects.create(
        user=user,
        clinic=clinic,
        name=name,
        name_kana=name_kana,
        licence_number=licence_number,
        licence_verified_on=licence_verified_on,
        online_training_on=online_training_on,
        is_retinoid_expert=is_retinoid_expert,
        is_senior=is_senior,
        created_at=at,
    )
    record(
        STAFF_MEMBERS["invite"].action,
        on=member,
        by=by,
        at=at,
        facts={"role": role.value, "user_id": user.ref},
    )
    send_now(
        INVITATION,
        to=user.email,
        clinic=clinic.name,
        reset_url=f"{settings.PUBLIC_URL}/account/password/reset/",
    )
    return member
