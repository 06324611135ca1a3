"""Retry safety: one effect per Idempotency-Key, and the same reply each time."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpResponse

from backend import clock
from backend.api.models import IdempotencyKey
from backend.db import WHO_ACTS, append, refused_by
from backend.kernel.errors import FieldError, Invalid, Problem
from backend.kernel.text import Text
from backend.origin import origin
from backend.secret_box import seal, unseal

_PURPOSE = "api.idempotency.v1"  # a reply may hold health data, or a secret that is shown once
_FORM = re.compile(r"[\x21-\x7e]{1,255}")
_TAKE = f"""
SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0)),
       kept.fingerprint, kept.status, kept.headers, kept.body, {WHO_ACTS}
FROM (SELECT 1) AS one LEFT JOIN api_idempotencykey AS kept
    ON (kept.principal, kept.route, kept.key) = (%s, %s, %s)
"""  # noqa: S608 - columns of our own
KEPT_HEADERS = ("ETag", "Location", "Content-Type")


class InFlight(Problem):
    """The same key is being worked on at this moment (409); try again shortly."""

    status = 409
    code = "idempotency_key_in_flight"
    title = Text("同じキーの処理が進行中です", "The same key is in flight")


class KeyReused(Problem):
    """The key was used for another request (422)."""

    status = 422
    code = "idempotency_key_reused"
    title = Text(
        "このキーは別の内容で使われています", "The key was used for a request with another body"
    )


@dataclass(eq=False)
class Replayed(Exception):
    """The work was done before: this is the reply it got."""

    response: HttpResponse


def key_of(header: str | None) -> str:
    """The Idempotency-Key header. Raises Invalid when missing or malformed."""
    if header is None:
        text = Text("Idempotency-Key ヘッダーが必要です。", "Send an Idempotency-Key header.")
        raise Invalid(text, [FieldError("", "idempotency_key_required", text)])
    if not _FORM.fullmatch(header):
        text = Text(
            "Idempotency-Key は 255 文字以内の ASCII 文字列です。",
            "An Idempotency-Key is at most 255 visible ASCII characters.",
        )
        raise Invalid(text, [FieldError("", "idempotency_key_malformed", text)])
    return header


def fingerprint_of(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same request."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).digest()


class Claim:
    """A key, claimed for the length of one service's transaction (a seam of `backend.db`)."""

    def __init__(
        self,
        *,
        principal: str,
        route: str,
        key: str,
        fingerprint: bytes,
        render: Callable[[Any], HttpResponse],
        render_refusal: Callable[[Problem], HttpResponse],
        whose: Callable[[Any], UUID | None] = lambda _: None,
    ) -> None:
        self.principal, self.route, self.key = principal, route[:200], key
        self.fingerprint = fingerprint
        self.render, self.render_refusal, self.whose = render, render_refusal, whose
        self.response: HttpResponse | None = None

    @property
    def replied(self) -> HttpResponse:
        """The reply that was kept."""
        if self.response is None:
            raise RuntimeError("The use case of an endpoint must be a service.")
        return self.response

    def begin(self, actor: str) -> None:
        """Take the key and tell who acts; or raise InFlight (409), KeyReused (422) or Replayed.

        One statement: when it reads too early to see a reply that was committed a moment ago,
        the unique constraint refuses the second effect in `finish`.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE,
                [
                    self._place().decode(),
                    actor,
                    origin().request_id,
                    self.principal,
                    self.route,
                    self.key,
                ],
            )
            mine, fingerprint, status, headers, body, *_ = cursor.fetchone()
        if fingerprint is not None:
            if bytes(fingerprint) != self.fingerprint:
                raise KeyReused()
            plain = unseal(bytes(body), purpose=_PURPOSE, bound_to=self._place())
            raise Replayed(_kept(status, headers, plain))
        if not mine:
            raise InFlight()

    def _place(self) -> bytes:
        return "\n".join((self.principal, self.route, self.key)).encode()

    def finish(self, result: Any) -> None:
        """Render the reply and keep it, in the transaction of the effect."""
        self.keep(self.render(result), self.whose(result))

    def refuse(self, refusal: Problem) -> None:
        """Record a refusal and keep its reply: in the transaction of its effect, if it has one."""
        self.keep(self.render_refusal(refusal), self.whose(None))

    def refuse_alone(self, refusal: Problem) -> None:
        """The same for one that rolled back: in a transaction of its own. Raises Replayed."""
        with transaction.atomic():
            self.begin(self.principal)
            self.refuse(refusal)

    def keep(self, response: HttpResponse, patient_id: UUID | None = None) -> None:
        """Keep a reply under the key, and whom it concerns: it goes when they are erased."""
        with refused_by({"idempotency_once": InFlight}):
            append(
                IdempotencyKey(
                    principal=self.principal,
                    route=self.route,
                    key=self.key,
                    fingerprint=self.fingerprint,
                    status=response.status_code,
                    headers={
                        name: response.headers[name]
                        for name in KEPT_HEADERS
                        if name in response.headers
                    },
                    body=seal(response.content, purpose=_PURPOSE, bound_to=self._place()),
                    created_at=clock.now(),
                    patient_id=patient_id,
                )
            )
        self.response = response


def _kept(status: int, headers: Any, body: bytes) -> HttpResponse:
    kept = headers if isinstance(headers, dict) else json.loads(headers)
    return HttpResponse(body, status=status, headers={**kept, "Idempotency-Replayed": "true"})
