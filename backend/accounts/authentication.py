"""How a request says who it is: a session token, a session cookie, or a pharmacy's key."""

import hmac
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.internal.sessionkit import lookup_session
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.request import Request

from backend import clock
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
)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no stubs
    """allauth's backend; it fetches the user with everything that acting asks for."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user, with patient or staff member, in one query."""
        users = User.objects.select_related("patient__test_clock", "staff_member")
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
        user = get_session_user(session) if session is not None else None
        if user is None:
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
        client = (
            ApiClient.objects.select_related("pharmacy")
            .filter(key_prefix=key_prefix(key), revoked_at=None, pharmacy__deactivated_at=None)
            .first()
        )
        kept = bytes(client.key_hash) if client else bytes(32)
        same = hmac.compare_digest(kept, key_hash(key))
        if client is None or not same or _expired(client):
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
        super().enforce_csrf(request._request)  # type: ignore[arg-type]  # it reads both alike


def _bearer(request: Request) -> str:
    kind, _, value = get_authorization_header(request).partition(b" ")
    return value.strip().decode("latin-1") if kind.lower() == b"bearer" else ""


def _expired(client: ApiClient) -> bool:
    return client.expires_at is not None and client.expires_at <= clock.now()
