"""Somebody in front of the pages: a real session cookie, real middleware, CSRF enforced."""

import re
import time
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def session_for(who: Any, *, fresh: bool = True) -> SessionStore:
    """A saved session of an account, as after a sign-in with password (physicians: and a code)."""
    user = getattr(who, "user", who)
    at = time.time() if fresh else time.time() - 3600
    proofs: list[dict[str, Any]] = [{"method": "password", "at": at, "reauthenticated": fresh}]
    if user.role == "physician":
        proofs.append({"method": "mfa", "type": "totp", "at": at})
    session = SessionStore()
    session[SESSION_KEY] = str(user.id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = proofs
    session["account_authentication_methods_user"] = str(user.id)
    session.create()
    return session


class Reader:
    """Reads pages and sends their forms as one account, or as nobody."""

    def __init__(self, who: Any = None, *, language: str = "en", fresh: bool = True) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if who is not None:
            key = session_for(who, fresh=fresh).session_key
            self.client.cookies[settings.SESSION_COOKIE_NAME] = key

    def get(self, path: str, **query: str) -> HttpResponse:
        """GET a page."""
        return self.client.get(path, query)

    def send(self, path: str, *, on: str | None = None, **fields: Any) -> HttpResponse:
        """POST a form of the page `on` (by default the page of that path), with its token."""
        found = _TOKEN.search(self.get(on or path).content.decode())
        marks = {"csrfmiddlewaretoken": found.group(1) if found else ""}
        return self.client.post(path, {"idempotency_key": uuid.uuid4().hex, **marks, **fields})


def text_of(answer: HttpResponse) -> str:
    """What a page says, without its markup."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main.group() if main else "")))


def queries_of(act: Callable[[], HttpResponse]) -> tuple[HttpResponse, list[str]]:
    """The answer, and the statements that it took; beginnings and ends of transactions are none."""
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    statements = [str(query["sql"]) for query in captured.captured_queries]
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return answer, [sql for sql in statements if not sql.startswith(marks)]
