"""Calls that have a request id of their own, and the entries that they leave."""

import uuid
from typing import Any

from django.http import HttpResponse

from backend.audit.models import AuditEntry, RowChange
from tests.callers import Caller
from tests.policy.routes import Route


class Asked:
    """One call: what was answered, and what it left in the audit trail."""

    def __init__(self, who: Any = None, **headers: str) -> None:
        """Somebody (or nobody) who calls with these headers."""
        self.actor = getattr(who, "user", who).actor if who is not None else None
        self.request_id = f"req_{uuid.uuid4().hex}"
        self.caller = Caller(who)
        self.caller.client.credentials(HTTP_X_REQUEST_ID=self.request_id, **headers)
        self.answer = HttpResponse()

    def of(self, route: Route, **ids: str) -> "Asked":
        """A well-formed request to a route."""
        path = route.path(**ids)
        if route.method == "get":
            return self.get(path)
        return self.post(path, route.body, version=1)

    def get(self, path: str) -> "Asked":
        """GET."""
        self.answer = self.caller.get(path)
        return self

    def post(self, path: str, body: Any, **options: Any) -> "Asked":
        """POST, as `Caller` does."""
        self.answer = self.caller.post(path, body, **options)
        return self

    @property
    def status(self) -> int:
        """How it was answered."""
        return self.answer.status_code

    @property
    def code(self) -> str:
        """The problem's code, if it was refused."""
        return self.answer.json()["code"] if self.status >= 400 else ""

    @property
    def entries(self) -> list[AuditEntry]:
        """What it left, oldest first."""
        return list(AuditEntry.objects.filter(request_id=self.request_id).order_by("id"))

    @property
    def changes(self) -> list[RowChange]:
        """The rows that it changed."""
        return list(RowChange.objects.filter(request_id=self.request_id).order_by("id"))

    def unaccounted(self, action: str) -> str | None:
        """Why what it left does not account for the answer; None where it does."""
        assert self.answer.headers["X-Request-Id"] == self.request_id
        entries, said = self.entries, f"{self.status} {self.code}"
        if {entry.actor for entry in entries} != {self.actor.label}:
            return f"{said}: entries of {sorted({entry.actor for entry in entries})}"
        if {change.actor for change in self.changes} - {self.actor.label}:
            return f"{said}: rows changed by {sorted({c.actor for c in self.changes})}"
        outcome = "refused" if self.status >= 400 else "done"
        found = [e for e in entries if (e.action, e.outcome) == (action, outcome)]
        if not found:
            return f"{said}: only {[(entry.action, entry.outcome) for entry in entries]}"
        told = [(entry.facts.get("code"), entry.facts.get("status")) for entry in found]
        if outcome == "refused" and (self.code, str(self.status)) not in told:
            return f"{said}: refused as {told}"
        return None
