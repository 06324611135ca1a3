"""Entries of the audit trail about accounts: allauth's views call no service of ours."""

from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
)
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import salted_hmac

from backend import clock
from backend.accounts.models import ApiClient, User
from backend.api.entries import Target
from backend.audit.models import Outcome
from backend.audit.record import Recorded, record
from backend.kernel.actor import Actor, job

THE_DOOR = job("sign_in")


def note(action: str, user: User, *, by: Actor | None = None, **facts: Any) -> None:
    """Record `user.<action>`, done by the person unless somebody else is named."""
    with transaction.atomic():
        record(f"user.{action}", on=user, by=by or user.actor, at=clock.now(), facts=facts)


def note_failure(action: str, user: User | None, *, login: str = "", **facts: Any) -> None:
    """Record a proof that did not hold. `login` is kept as a keyed hash, never as it is."""
    if login:
        facts["login_hash"] = _login_hash(login)
    _refused(f"user.{action}", user or Target("user"), facts)


def note_mail(template: str, email: str) -> None:
    """Record, before it goes, that somebody had a mail about an account sent to an address."""
    user = User.objects.filter(email=email.lower()).first()
    facts = {"template": template.rpartition("/")[2], "login_hash": _login_hash(email)}
    with transaction.atomic():
        on = user or Target("user")
        record("user.send_mail", on=on, by=THE_DOOR, at=clock.now(), facts=facts)


def note_visit(session: SessionBase, *, method: str, path: str, status: int) -> None:
    """Record what nothing else did: who looked at, or tried to change, an account of their own.

    Somebody who is half-way in, with a password but no code yet, is named, but has not acted.
    """
    user = whose(session)
    if user is None:
        return
    inside = SESSION_KEY in session
    with transaction.atomic():
        record(
            "user.read_account" if method == "GET" else "user.change_account",
            on=user,
            by=user.actor if inside else THE_DOOR,
            at=clock.now(),
            facts={"method": method, "path": path, "status": str(status)},
            outcome=Outcome.DONE if status < 400 else Outcome.REFUSED,
        )


def whose(session: SessionBase) -> User | None:
    """Whose session it is: signed in, half-way in, or about to set a new password."""
    ids = (
        session.get(SESSION_KEY),
        (session.get(LOGIN_SESSION_KEY) or {}).get("user_pk"),
        (session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY) or {}).get("user_id"),
    )
    user_id = next(filter(None, ids), None)
    with_names = User.objects.select_related("patient", "staff_member")  # who acts, in one look
    return with_names.filter(id=user_id).first() if user_id else None


def note_refused_key(client: ApiClient, reason: str) -> None:
    """Record that a pharmacy's key was shown that is not good, or not good any more."""
    _refused("api_client.authenticate", client, {"reason": reason})


def _login_hash(login: str) -> str:
    return salted_hmac(__name__, login.lower()).hexdigest()[:16]


def _refused(action: str, on: Recorded, facts: Mapping[str, Any]) -> None:
    at, outcome = clock.now(), Outcome.REFUSED
    with transaction.atomic():
        record(action, on=on, by=THE_DOOR, at=at, facts=facts, outcome=outcome)


def known(user: User | AnonymousUser | None) -> User | None:
    """The user, or None for nobody."""
    return user if isinstance(user, User) else None
