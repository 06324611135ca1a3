"""Entries of the audit trail about accounts: allauth's views call no service of ours."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
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
        facts["login_hash"] = salted_hmac(__name__, login.lower()).hexdigest()[:16]
    _refused(f"user.{action}", user or Target("user"), facts)


def note_refused_key(client: ApiClient, reason: str) -> None:
    """Record that a pharmacy's key was shown that is not good, or not good any more."""
    _refused("api_client.authenticate", client, {"reason": reason})


def _refused(action: str, on: Recorded, facts: Mapping[str, Any]) -> None:
    at, outcome = clock.now(), Outcome.REFUSED
    with transaction.atomic():
        record(action, on=on, by=THE_DOOR, at=at, facts=facts, outcome=outcome)


def known(user: User | AnonymousUser | None) -> User | None:
    """The user, or None for nobody."""
    return user if isinstance(user, User) else None
