"""Use case: a clinic opens, with its first administrator. An operator's command calls it."""

from datetime import datetime

from backend.accounts.models import Clinic, StaffMember
from backend.accounts.rules import STAFF_MEMBERS
from backend.accounts.steps.open_account import open_account
from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor, Role


@service
def open_clinic(
    *,
    name: str,
    name_en: str,
    programme: str,
    zone: str,
    telephone: str,
    administrator_email: str,
    administrator_name: str,
    password: str | None = None,
    by: Actor,
    at: datetime,
) -> StaffMember:
    """The first administrator of the new clinic (`.clinic`), who invites everybody else.

    `programme` picks the rule pack (`jp`, `us`, `uk`, `eu`), `zone` is IANA. Without `password`
    the administrator sets one by the code that a password reset mails. Raises EmailTaken (409).
    """
    clinic = Clinic.objects.create(
        name=name,
        name_en=name_en,
        programme=programme,
        zone=zone,
        telephone=telephone,
        created_at=at,
    )
    user = open_account(
        email=administrator_email,
        role=Role.CLINIC_ADMINISTRATOR,
        by=by,
        at=at,
        password=password,
        address_is_proved=password is not None,
    )
    member = StaffMember.objects.create(
        user=user, clinic=clinic, name=administrator_name, created_at=at
    )
    record("clinic.open", on=clinic, by=by, at=at, facts={"programme": programme})
    record(STAFF_MEMBERS["invite"].action, on=member, by=by, at=at, facts={"role": user.role})
    return member
