"""Somebody at a computer: signs up, signs in and proves things through HTTP, as a client would."""

import json
import random
import re
import time
import uuid

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

PASSWORD = "correct horse battery"
AUTH = "/_allauth/app/v1"


class Person:
    """Holds one session token; each person comes from another address on the network."""

    def __init__(self, email: str | None = None, *, language: str = "en") -> None:
        self.email = email or f"{uuid.uuid4().hex[:12]}@example.test"
        self.language = language
        self.token = ""
        self.client = Client(
            REMOTE_ADDR=".".join(["10", *(str(random.randint(0, 255)) for _ in range(3))])
        )

    def send(self, method, path, body=None, **headers):
        """One request to allauth, with the session token, which a reply may replace."""
        if self.token:
            headers["HTTP_X_SESSION_TOKEN"] = self.token
        answer = self.client.generic(
            method,
            AUTH + path,
            "" if body is None else json.dumps(body),
            content_type="application/json",
            HTTP_ACCEPT_LANGUAGE=self.language,
            **headers,
        )
        if answer["Content-Type"] == "application/json":
            self.token = answer.json().get("meta", {}).get("session_token", self.token)
        return answer

    def sign_up(self, password=PASSWORD):
        return self.send("POST", "/auth/signup", {"email": self.email, "password": password})

    def verify(self, code=None):
        return self.send("POST", "/auth/email/verify", {"key": code or self.mailed_code()})

    def sign_in(self, password=PASSWORD):
        return self.send("POST", "/auth/login", {"email": self.email, "password": password})

    def sign_out(self):
        return self.send("DELETE", "/auth/session")

    def prove(self, password=PASSWORD):
        return self.send("POST", "/auth/reauthenticate", {"password": password})

    def ask_for_reset(self):
        return self.send("POST", "/auth/password/request", {"email": self.email})

    def reset(self, code, password):
        return self.send("POST", "/auth/password/reset", {"key": code, "password": password})

    def start_totp(self):
        """The secret of an authenticator app that is not active yet."""
        answer = self.send("GET", "/account/authenticators/totp")
        return answer.json()["meta"]["secret"]

    def mails(self):
        return [message for message in mail.outbox if message.to == [self.email]]

    def mailed_code(self):
        return re.search(r"\b[A-Z0-9]{4,}-?[A-Z0-9]+\b", self.mails()[-1].body).group(0)

    def get(self, path, **parameters):
        """GET /v1 with the session token as a bearer."""
        return self.client.get(
            path,
            parameters,
            HTTP_AUTHORIZATION=f"Bearer {self.token}",
            HTTP_ACCEPT_LANGUAGE=self.language,
        )

    def post(self, path, body, version=None):
        """POST /v1 with the session token as a bearer."""
        headers = {} if version is None else {"HTTP_IF_MATCH": f'"{version}"'}
        return self.client.generic(
            "POST",
            path,
            json.dumps(body),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {self.token}",
            HTTP_IDEMPOTENCY_KEY=uuid.uuid4().hex,
            HTTP_ACCEPT_LANGUAGE=self.language,
            **headers,
        )


def code_for(secret, *, step=0):
    """What the authenticator app shows now, or `step` periods of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def signed_in(member, *, password=PASSWORD):
    """A member of staff or patient from a factory, signed in with a password."""
    member.user.set_password(password)
    member.user.save()
    member.user.emailaddress_set.get_or_create(email=member.user.email, verified=True, primary=True)
    person = Person(member.user.email)
    person.sign_in()
    return person
