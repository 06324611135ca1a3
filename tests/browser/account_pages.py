"""The pages below /account/ and /sandbox: allauth's, in our templates. A part of pages.py."""

import re
from typing import Any

from django.core import mail

from tests.browser.devices import DESK, PHONE
from tests.browser.house import NOBODY, House
from tests.browser.keys import PASSWORD
from tests.browser.listed import Listed, Way
from tests.browser.visits import Visit

_KEY = "mfa/webauthn/keys/<int:pk>"


def send(visit: Visit, path: str, **fields: str) -> None:
    """Fill in the form of this page by the names of its fields, and press its main button."""
    if visit.page.url.partition("localhost")[2].partition("/")[2] != path.lstrip("/"):
        visit.go(path)
    for name, text in fields.items():
        visit.page.locator(f'main [name="{name}"]').fill(text)
    visit.page.locator("main button.main").click()
    visit.page.wait_for_url(lambda url: not url.endswith(path))


def mailed_code(email: str) -> str:
    """The code in the newest letter to this address."""
    letter = next(each for each in reversed(mail.outbox) if each.to == [email])
    found = re.search(r"\b[A-Z0-9]{4,}-?[A-Z0-9]+\b", letter.body)
    assert found is not None, letter.body
    return found.group(0)


def _asks(path: str) -> Way:
    """Enter the member's address there; the page that asks for the code is next."""

    def way(visit: Visit, house: House) -> None:
        send(visit, path, email=house.people["member"].user.email)

    return way


def _resets(visit: Visit, house: House) -> None:
    """Forget the password, and prove the address."""
    email = house.people["member"].user.email
    send(visit, "/account/password/reset/", email=email)
    send(visit, "/account/password/reset/confirm/", code=mailed_code(email))


def _signs_up(visit: Visit, _house: House) -> None:
    send(visit, "/account/signup/", email="new@example.test", password1=PASSWORD)


def _half_way_in(visit: Visit, house: House) -> None:
    """The password is right; a second factor is asked for."""
    email = house.people["keyholder"].user.email
    send(visit, "/account/login/", login=email, password=PASSWORD)


def _guests(name: str, route: str, **how: Any) -> Listed:
    """A page for somebody who is not signed in."""
    return Listed(f"account-{name}", f"account/{route}", NOBODY, PHONE, **how)


def _members(name: str, route: str, who: str = "member", **how: Any) -> Listed:
    """A page about the own account. A keyholder has every factor, a member only a password."""
    return Listed(f"account-{name}", f"account/{route}", who, PHONE, **how)


def _at_key(more: str) -> Any:
    return lambda house: f"/account/mfa/webauthn/keys/{house.passkey.pk}/{more}"


ACCOUNT_PAGES: tuple[Listed, ...] = (
    _guests("login", "login/", without_script=True),
    Listed("account-login-at-a-desk", "account/login/", NOBODY, DESK),
    _guests("signup", "signup/", without_script=True),
    _guests("signup-code", "confirm-email/", way=_signs_up),
    _guests("login-code", "login/code/"),
    _guests(
        "login-code-confirm",
        "login/code/confirm/",
        way=_asks("/account/login/code/"),
        without_script=True,
    ),
    _guests("reset", "password/reset/"),
    _guests("reset-code", "password/reset/confirm/", way=_asks("/account/password/reset/")),
    _guests("reset-password", "password/reset/complete/", way=_resets),
    _guests("reset-done", "password/reset/done/"),
    _guests("second-step", "mfa/authenticate/", way=_half_way_in, without_script=True),
    _guests("inactive", "inactive/"),
    _members("settings", "", without_script=True),
    Listed("account-settings-at-a-desk", "account/", "keyholder", DESK),
    _members("email", "email/"),
    _members("logout", "logout/"),
    _members("password", "password/change/"),
    _members("password-first", "password/set/", "patient"),
    _members("reauthenticate", "reauthenticate/", "keyholder", without_script=True),
    _members("reauthenticate-by-app", "mfa/reauthenticate/", "keyholder"),
    _members("reauthenticate-by-passkey", "mfa/webauthn/reauthenticate/", "keyholder"),
    _members("factors-none", "mfa/"),
    _members("factors", "mfa/", "keyholder"),
    _members("app-add", "mfa/totp/activate/"),
    _members("app-remove", "mfa/totp/deactivate/", "keyholder"),
    _members("codes", "mfa/recovery-codes/", "keyholder"),
    _members("codes-new", "mfa/recovery-codes/generate/", "keyholder"),
    _members("passkeys", "mfa/webauthn/", "keyholder"),
    _members("passkeys-none", "mfa/webauthn/"),
    _members("passkey-add", "mfa/webauthn/add/", without_script=True),
    _members("passkey-rename", f"{_KEY}/edit/", "keyholder", address=_at_key("edit/")),
    _members("passkey-remove", f"{_KEY}/remove/", "keyholder", address=_at_key("remove/")),
    Listed("sandbox-on-a-phone", "sandbox", "patient", PHONE, without_script=True),
    Listed("sandbox-no-clock", "sandbox", "member", PHONE),
    Listed(
        "front-of-a-demonstration", "", NOBODY, PHONE, settings={"DEMONSTRATION_PASSWORD": PASSWORD}
    ),
)

NOT_ACCOUNT_PAGES: dict[str, str] = {
    "account/mfa/webauthn/login/": "the challenge for a passkey, JSON for the sign-in page",
    "account/mfa/recovery-codes/download/": "the codes as a text file",
}
