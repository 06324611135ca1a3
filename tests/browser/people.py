"""Getting somebody signed in, and giving a browser a passkey that needs no finger."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from playwright.sync_api import CDPSession

from tests.browser.visits import Visit

AN_HOUR_S = 3600


def session_of(user: Any, *, fresh: bool = True, second_factor: bool = True) -> str:
    """The key of a new session, made by what allauth calls when every proof was given.

    `fresh`: proved a moment ago; else an hour ago, so that signing asks for a proof again.
    `second_factor`: whether TOTP was proved too, as prescribers must.
    """
    request = _request()
    with context.request_context(request):
        get_adapter().login(request, user)
        record_authentication(request, user, method="password", email=user.email)
        if second_factor:
            record_authentication(request, user, method="mfa", type="totp")
    proofs = request.session["account_authentication_methods"]
    for proof in proofs:
        proof["reauthenticated"] = True  # allauth counts no other proof as a fresh one
        proof["at"] -= 0 if fresh else AN_HOUR_S
    request.session["account_authentication_methods"] = proofs
    request.session.save()
    return str(request.session.session_key)


def sign_in(visit: Visit, who: Any, *, fresh: bool = True, second_factor: bool = True) -> None:
    """Put the cookie of a new session into this window. `who`: a patient, a member of staff, ...

    The language of the device is chosen as well: else a patient's own would win over it.
    The session is made in a thread, so in a transaction of its own: the server sees it even when
    the test itself stands in one that will be rolled back.
    """

    def make() -> str:
        try:
            return session_of(user, fresh=fresh, second_factor=second_factor)
        finally:
            connection.close()

    user = getattr(who, "user", who)
    with ThreadPoolExecutor(1) as thread:
        key = thread.submit(make).result()
    language = _cookie(settings.LANGUAGE_COOKIE_NAME, visit.device.language)
    visit.context.add_cookies([_cookie(settings.SESSION_COOKIE_NAME, key), language])


def add_authenticator(visit: Visit, *, verifies: bool = True) -> "Authenticator":
    """A passkey device in this window that says yes by itself; `verifies=False`: no finger fits."""
    return Authenticator(visit.cdp, verifies=verifies)


class Authenticator:
    """A virtual one of Chromium's: ctap2, built in, keeps passkeys, knows its owner."""

    def __init__(self, cdp: CDPSession, *, verifies: bool) -> None:
        self._cdp = cdp
        cdp.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = made["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        """The passkeys that it keeps: rpId, userHandle, signCount, ..."""
        asked = {"authenticatorId": self.id}
        return list(self._cdp.send("WebAuthn.getCredentials", asked)["credentials"])

    def verifies(self, yes: bool) -> None:
        """From now on the owner's finger fits, or does not."""
        asked = {"authenticatorId": self.id, "isUserVerified": yes}
        self._cdp.send("WebAuthn.setUserVerified", asked)


def _request() -> HttpRequest:
    request = RequestFactory().get("/")
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    return request


def _cookie(name: str, value: str) -> Any:
    return {"name": name, "value": value, "domain": "localhost", "path": "/", "httpOnly": True}
