"""Somebody who knows the issue's text and api_schema/openapi.yaml, and nothing else."""

import json
import uuid
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from rest_framework.test import APIClient

from backend import clock
from tests.policy.world import session_of

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


class Integrator:
    """One account at the API: says what it does, gets the JSON, insists on the status."""

    def __init__(self, bearer: str) -> None:
        self.client = APIClient(
            raise_request_exception=False,
            HTTP_AUTHORIZATION=f"Bearer {bearer}",
            HTTP_ACCEPT_LANGUAGE="en",
        )

    def get(self, path: str, *, status: int = 200, **parameters: Any) -> Any:
        """GET /v1/… as JSON."""
        return _json(self.client.get(f"/v1/{path}", parameters), status)

    def all(self, path: str, **parameters: Any) -> list[Any]:
        """The first hundred of a list."""
        return self.get(path, limit=100, **parameters)["data"]

    def makes(self, path: str, body: Any) -> Any:
        """POST that must answer 201."""
        return self.asks(path, body, status=201)

    def does(self, path: str, on: Any, body: Any = None, *, status: int = 200) -> Any:
        """A verb on a thing as it was read: `on` gives its id and, as If-Match, its version."""
        thing, _, verb = path.rpartition("/")
        return self.asks(f"{thing}/{on['id']}/{verb}", body, on=on, status=status)

    def asks(self, path: str, body: Any, *, status: int, on: Any = None) -> Any:
        """Any POST, with the answer that is expected."""
        headers = {"HTTP_IF_MATCH": f'"{on["version"]}"'} if on else {}
        answer = self.client.generic(
            "POST",
            f"/v1/{path}",
            json.dumps(body or {}),
            content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=uuid.uuid4().hex,
            **headers,
        )
        return _json(answer, status)


def signed_in(user: Any) -> Integrator:
    """A person with a session, both factors proved a moment ago."""
    session = SessionStore(session_of(user))
    second = {"method": "mfa", "type": "totp", "at": clock.now().timestamp()}
    session["account_authentication_methods"] = [
        *session["account_authentication_methods"],
        second,
    ]
    session.save()
    return Integrator(session.session_key)


def _json(answer: Any, status: int) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content.decode())
    return answer.json()


def rfc3339(at: datetime) -> str:
    """As the API takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
