"""People of the story. Each acts through the public HTTP API, and nothing else."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]
Tell = Callable[["Told"], None]


class StepFailed(Exception):
    """A step of the story did not do what it should; the message shows the answer."""


@dataclass(frozen=True)
class Told:
    """One request of the story: who, what, the answer, and what it caused."""

    who: str
    what: str
    method: str
    path: str
    status: int
    caused: str


@dataclass
class Person:
    """Somebody with a way to say who they are: a session token or a pharmacy's key."""

    name: str
    http: httpx.Client
    tell: Tell
    email: str = ""
    token: str = ""
    known: Json = field(default_factory=dict)

    def get(self, path: str, **parameters: str) -> Json:
        """GET quietly; StepFailed unless 200."""
        answer = self.http.get(path, params=parameters, headers=self._headers())
        if answer.status_code != httpx.codes.OK:
            raise StepFailed(self._complaint("GET", path, 200, answer))
        return dict(answer.json())

    def all(self, path: str, **parameters: str) -> list[Json]:
        """Every row of a list, page by page."""
        rows: list[Json] = []
        while True:
            page = self.get(path, limit="100", **parameters)
            rows += page["data"]
            if not page["has_more"]:
                return rows
            parameters["cursor"] = page["next_cursor"]

    def reads(self, what: str, path: str, *, caused: str = "", **parameters: str) -> Json:
        """GET, and tell of it."""
        found = self.get(path, **parameters)
        self.tell(Told(self.name, what, "GET", path, 200, caused))
        return found

    def does(
        self,
        what: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        on: Json | None = None,
        expect: int = 200,
        caused: str | Callable[[Json], str] = "",
        quiet: bool = False,
    ) -> Json:
        """POST with an Idempotency-Key, and If-Match where `on` is the thing as last read.

        Raises StepFailed unless the status is the expected one. Returns the answer's body.
        """
        headers = {**self._headers(), "Idempotency-Key": uuid.uuid4().hex}
        if on is not None:
            headers["If-Match"] = f'"{on["version"]}"'
        answer = self.http.post(path, json=dict(body or {}), headers=headers)
        if answer.status_code != expect:
            raise StepFailed(self._complaint("POST", path, expect, answer))
        found = dict(answer.json())
        if not quiet:
            text = caused(found) if callable(caused) else caused
            self.tell(Told(self.name, what, "POST", path, answer.status_code, text))
        return found

    def account(self, what: str, path: str, body: Mapping[str, Any], *, expect: int) -> Json:
        """One call of the sign-in API; keeps the session token that it may hand out."""
        address = f"/_allauth/app/v1{path}"
        headers = {"X-Session-Token": self.token} if self.token else {}
        answer = self.http.post(address, json=dict(body), headers=headers)
        if answer.status_code != expect:
            raise StepFailed(self._complaint("POST", address, expect, answer))
        found = dict(answer.json())
        self.token = found.get("meta", {}).get("session_token") or self.token
        if what:
            waits = "" if expect == httpx.codes.OK else "not signed in yet: a code is in the mail"
            self.tell(Told(self.name, what, "POST", address, answer.status_code, waits))
        return found

    def signs_in(self, password: str) -> None:
        """Sign in with e-mail and password."""
        body = {"email": self.email, "password": password}
        self.account("signs in", "/auth/login", body, expect=200)

    def proves_identity(self, password: str) -> None:
        """Say the password once more: verbs that sign ask for it."""
        self.account("", "/auth/reauthenticate", {"password": password}, expect=200)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Language": "ja"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def _complaint(self, method: str, path: str, expected: int, answer: httpx.Response) -> str:
        return (
            f"{self.name}: {method} {path} answered {answer.status_code}, not {expected}:\n"
            f"{answer.text[:2000]}"
        )
