"""Somebody who calls the API: the real views, the real database, JSON in and out."""

import json
import time
import uuid
from functools import cache
from typing import Any

from django.http import HttpResponse
from rest_framework.test import APIClient, ForceAuthClientHandler


@cache
def _middleware() -> Any:
    """The real middleware, made once: it holds nothing of a caller, and costs more than a call."""
    handler = ForceAuthClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler._middleware_chain


def _whole(answer: Any) -> HttpResponse:
    status, headers = answer.status_code, answer.headers
    return HttpResponse(b"".join(answer.streaming_content), status=status, headers=headers)


class Caller:
    """Calls as one account (a StaffMember, Patient or ApiClient row), or as nobody."""

    def __init__(self, who: Any = None, *, fresh: bool = True, language: str = "en") -> None:
        """`fresh`: whether the person has just proved who they are."""
        self.client = APIClient(raise_request_exception=True)
        self.client.handler._middleware_chain = _middleware()
        self.language = language
        if who is not None:
            user = getattr(who, "user", who)
            at = time.time() if fresh else time.time() - 3600
            proofs = [{"method": "password", "at": at}]
            if getattr(user, "role", "") == "physician":
                proofs.append({"method": "mfa", "type": "totp", "at": at})
            session = {"account_authentication_methods": proofs}
            self.client.force_authenticate(user=user, token=session)

    def get(self, path: str, **parameters: Any) -> HttpResponse:
        """GET. What comes in pieces is given as a whole."""
        answer = self.client.get(path, parameters, HTTP_ACCEPT_LANGUAGE=self.language)
        return _whole(answer) if answer.streaming else answer

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = None,
        **headers: str,
    ) -> HttpResponse:
        """POST with a fresh Idempotency-Key (unless given) and If-Match from `version`."""
        if version is not None:
            headers["HTTP_IF_MATCH"] = f'"{version}"'
        return self.client.generic(
            "POST",
            path,
            json.dumps({} if body is None else body),
            content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=key or uuid.uuid4().hex,
            HTTP_ACCEPT_LANGUAGE=self.language,
            **headers,
        )
