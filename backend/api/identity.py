"""From a request to the actor behind it."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request

from backend import clock
from backend.kernel.actor import Actor

OF_A_MAILBOX = frozenset({"code", "password_reset"})


def actor_of(request: Request) -> Actor | None:
    """The actor: whatever the authentication found that knows how to be one."""
    actor: Actor | None = getattr(request.user, "actor", None)
    return actor


def proved_lately(request: Request) -> bool:
    """Whether the person authenticated within ACCOUNT_REAUTHENTICATION_TIMEOUT (wall clock)."""
    return is_fresh(request.auth)


def proved_by_two_factors(request: Request) -> bool:
    """Whether an authenticator app, a passkey or a recovery code was used in this session."""
    return has_second_factor(request.auth)


def is_fresh(session: Any) -> bool:
    """The same of a session; False for what is none.

    allauth writes each proof (password, TOTP, passkey) with its time into the session. A code from
    a mail, or a reset by one, lets in, but proves nothing to a verb that asks who you are once
    more: else whoever reads a mailbox could sign, erase and lift holds.
    """
    proofs = (one for one in _proofs(session) if one.get("method") not in OF_A_MAILBOX)
    latest = max((proof.get("at", 0) for proof in proofs), default=0)
    return bool(clock.now().timestamp() - latest <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def has_second_factor(session: Any) -> bool:
    """The same of a session; False for what is none."""
    return any(proof.get("method") == "mfa" for proof in _proofs(session))


def _proofs(session: Any) -> list[dict[str, Any]]:
    if not hasattr(session, "get"):
        return []
    return list(session.get("account_authentication_methods", []))
