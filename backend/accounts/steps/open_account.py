"""Step: an account with an address that is known to be somebody's, for people who are invited."""

from datetime import datetime

from allauth.account.models import EmailAddress

from backend.accounts.errors import EmailTaken
from backend.accounts.models import User
from backend.audit.record import record
from backend.db import refused_by, require_transaction
from backend.kernel.actor import Actor, Role


def open_account(
    *,
    email: str,
    role: Role,
    by: Actor,
    at: datetime,
    password: str | None = None,
    address_is_proved: bool = False,
) -> User:
    """The new account. Without a password nobody can sign in until one is set by mailed code.

    Raises EmailTaken (409).
    """
    require_transaction()
    user = User(email=email.lower(), role=role.value, created_at=at)
    user.set_password(password)
    with refused_by({"user_email_once": EmailTaken}):
        user.save(force_insert=True)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=address_is_proved, primary=True
    )
    record("user.open_account", on=user, by=by, at=at, facts={"role": role.value})
    return user
