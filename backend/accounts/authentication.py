"""How a request says who it is: a session token, a session cookie, or a pharmacy's key."""

import hmac
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.internal.sessionkit import lookup_session
from django.contrib.auth import SESSION_KEY
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from backend import clock
from backend.accounts.account_entries import known, note_failure, note_refused_key
from backend.accounts.keys import key_hash, key_prefix
from backend.accounts.models import ApiClient, User
from backend.kernel.errors import Unauthenticated

# What every request asks of its user. The rest is fetched where somebody asks for it.
_TO_ACT = (
    "email",
    "password",
    "role",
    "is_active",
    *(
        f"patient__{name}"
        for name in ("version", "clinic", "user", "zone", "language", "test_clock")
    ),
    *(f"patient__test_clock__{name}" for name in ("frozen_at", "status")),
    *(f"staff_member__{name}" for name in ("version", "clinic", "user", "is_senior")),
    *(f"staff_member__{name}" for name in ("online_training_on", "is_retinoid_expert")),
    "staff_member__clinic__zone",
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no stubs
    """allauth's backend; it fetches the user with everything that acting asks for."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user, with patient or staff member, in one query."""
        users = User.objects.select_related("patient__test_clock", "staff_member__clinic")
        try:
            return users.only(*_TO_ACT).get(id=user_id, is_active=True)
        except User.DoesNotExist:
            return None


class SessionToken(BaseAuthentication):
    """`Authorization: Bearer <session token>` (or allauth's own `X-Session-Token`)."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The user and the session, or None when no token is sent."""
        token = _bearer(request) or request.headers.get("X-Session-Token", "")
        if not token or token.startswith("rx_"):
            return None
        session = lookup_session(token)
        if session is None:
            raise Unauthenticated()
        whose = session.get(SESSION_KEY)
        user = get_session_user(session)
        if user is None:
            _note_ended(whose)
            raise Unauthenticated()
        return user, session

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """For WWW-Authenticate."""
        return 'Bearer realm="suhada"'


class ApiKey(BaseAuthentication):
    """`Authorization: Bearer rx_test_<prefix>_<secret>`: a pharmacy's client."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The client, or None when no key is sent. A bad, expired or revoked key is a 401."""
        key = _bearer(request)
        if not key.startswith("rx_"):
            return None
        known = ApiClient.objects.select_related("pharmacy").filter(key_prefix=key_prefix(key))
        client = known.first()
        kept = bytes(client.key_hash) if client else bytes(32)
        same = hmac.compare_digest(kept, key_hash(key))
        if client is None:
            raise Unauthenticated()
        if (reason := _why_not(client, same)) is not None:
            note_refused_key(client, reason)
            raise Unauthenticated()
        return client, None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """For WWW-Authenticate."""
        return 'Bearer realm="suhada"'


class SessionCookie(SessionAuthentication):
    """The session cookie of the pages; unsafe methods need the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The user and the session, which knows when and how the user proved who it is."""
        found = super().authenticate(request)
        return (found[0], request._request.session) if found else None

    def enforce_csrf(self, request: Request) -> None:
        """Raise PermissionDenied (403) without a good token.

        Django looks for one in the body as well, and a stream is read once: so the body is
        kept first, for whoever reads it next.
        """
        _ = request._request.body
        try:
            super().enforce_csrf(request._request)  # type: ignore[arg-type]  # it reads both alike
        except PermissionDenied:
            note_failure("use_session", known(request._request.user), reason="no_csrf_token")
            raise


def _bearer(request: Request) -> str:
    kind, _, value = get_authorization_header(request).partition(b" ")
    return value.strip().decode("latin-1") if kind.lower() == b"bearer" else ""


def _why_not(client: ApiClient, same: bool) -> str | None:
    """Why a key of a client that exists does not open; None when it does."""
    reasons = {
        "wrong_secret": not same,
        "revoked": client.revoked_at is not None,
        "expired": client.expires_at is not None and client.expires_at <= clock.now(),
        "pharmacy_deactivated": client.pharmacy.deactivated_at is not None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _note_ended(user_id: str | None) -> None:
    """A session that was somebody's, and is open no more: a refusal that has a name."""
    user = User.objects.filter(id=user_id).first() if user_id else None
    if user is not None:
        note_failure("use_session", user, reason="ended" if user.is_active else "deactivated")
