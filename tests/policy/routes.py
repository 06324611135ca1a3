"""Every route of /v1 with its method and verb, and an address to call it by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLResolver, get_resolver

from backend.kernel.ids import public_id
from backend.kernel.verbs import Verb

PREFIXES = {
    "api_client_id": "cli",
    "check_in_id": "chk",
    "clinic_id": "cl",
    "clock_id": "clk",
    "course_id": "crs",
    "delivery_id": "whd",
    "dispense_id": "dsp",
    "endpoint_id": "whk",
    "patient_id": "pt",
    "prescription_id": "rx",
    "task_id": "tsk",
    "visit_id": "vis",
}
NOWHERE = UUID(int=1)


@dataclass(frozen=True)
class Route:
    """One method of one path."""

    method: str
    pattern: str
    verb: Verb

    def path(self, **ids: str) -> str:
        """The address, with these ids and made-up ones for the others."""

        def fill(found: re.Match[str]) -> str:
            name = found.group(1)
            return ids.get(name) or public_id(PREFIXES.get(name, "zz"), NOWHERE)

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, self.pattern)

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)

    def __str__(self) -> str:
        return f"{self.method.upper()} /{self.pattern}"


def all_routes() -> list[Route]:
    """Every route of /v1 that is an endpoint."""
    return [
        Route(method, path, verb)
        for path, view in _walk(get_resolver(), "")
        if view is not None
        for method, verb in view.verbs.items()
    ]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, type | None]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, path)
        elif path.startswith("v1/"):
            yield path, getattr(pattern.callback, "cls", None)
