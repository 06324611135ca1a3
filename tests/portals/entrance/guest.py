"""Somebody in front of the sign-in pages, with a mailbox."""

import re
import uuid

from django.core import mail

from tests.portals.reader import Reader

PASSWORD = "correct horse battery"


def with_password(who):
    """A person of a factory whose account has a password and a confirmed address."""
    who.user.set_password(PASSWORD)
    who.user.save()
    address = {"email": who.user.email, "verified": True, "primary": True}
    who.user.emailaddress_set.get_or_create(**address)
    return who


class Guest(Reader):
    """Fills in the forms below /account/."""

    def __init__(self, email: str | None = None, *, language: str = "en") -> None:
        super().__init__(language=language)
        self.email = email or f"{uuid.uuid4().hex[:12]}@example.test"

    def sign_in(self, password=PASSWORD, **more):
        return self.send("/account/login/", login=self.email, password=password, **more)

    def sign_up(self, password=PASSWORD):
        return self.send("/account/signup/", email=self.email, password1=password)

    def ask_for_code(self):
        return self.send("/account/login/code/", email=self.email)

    def letter(self):
        return [letter for letter in mail.outbox if letter.to == [self.email]][-1]

    def mailed_code(self):
        return re.search(r"\b[A-Z0-9]{4,}-?[A-Z0-9]+\b", self.letter().body).group(0)

    @property
    def session_key(self):
        cookie = self.client.cookies.get("sessionid")
        return cookie.value if cookie else None
