"""Every route of the contract with its method and verb, and an address to call it by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.urls import URLResolver, get_resolver

from backend.kernel.ids import public_id
from backend.kernel.verbs import Verb

PREFIXES = {
    "activation_id": "act",
    "check_in_id": "chk",
    "client_id": "cli",
    "clinic_id": "cl",
    "clock_id": "clk",
    "course_id": "crs",
    "decision_id": "dec",
    "delivery_id": "whd",
    "dispense_id": "dsp",
    "emergency_access_id": "ema",
    "endpoint_id": "whk",
    "exception_id": "avx",
    "export_id": "exp",
    "follow_up_id": "fup",
    "legal_hold_id": "hld",
    "lot_id": "lot",
    "notification_id": "ntf",
    "patient_id": "pt",
    "pharmacy_id": "ph",
    "physician_id": "stf",
    "prescription_id": "rx",
    "product_id": "prd",
    "response_id": "ir",
    "result_id": "lab",
    "rule_id": "avr",
    "score_id": "phq",
    "second_course_decision_id": "scd",
    "signature_id": "csg",
    "staff_member_id": "stf",
    "statement_id": "stm",
    "task_id": "tsk",
    "test_id": "pgt",
    "visit_id": "vis",
    "weight_id": "wt",
}
NOWHERE = UUID(int=1)
CONTRACT = Path(__file__).resolve().parents[2] / "api_schema" / "openapi.yaml"


@cache
def contract() -> dict[str, Any]:
    """The published contract."""
    with CONTRACT.open("rb") as file:
        return yaml.load(file, yaml.CSafeLoader)


@cache
def operations() -> dict[str, Any]:
    """Its operations by their id."""
    paths = contract()["paths"].values()
    return {one["operationId"]: one for path in paths for one in path.values()}


def nowhere(name: str) -> str:
    """A well-formed id that no thing has. A questionnaire or a rule pack is called by its name."""
    if name == "entry_id":
        return "999999999"
    return public_id(PREFIXES[name], NOWHERE) if name in PREFIXES else "no_such_name"


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
            return ids.get(name) or nowhere(name)

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, self.pattern)

    @property
    def parameters(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)

    @property
    def body(self) -> dict[str, Any]:
        """The example body that the published contract shows."""
        content = operations()[self.operation_id].get("requestBody", {}).get("content", {})
        examples = content.get("application/json", {}).get("examples", {})
        return next(iter(examples.values()), {"value": {}})["value"]

    @property
    def operation_id(self) -> str:
        """Its name in the contract."""
        return self.verb.action.replace(".", "_")

    def __str__(self) -> str:
        return f"{self.method.upper()} /{self.pattern}"


def all_routes() -> list[Route]:
    """Every route of /v1 and of the CDS services that is an endpoint."""
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
        elif path.startswith(("v1/", "cds-services/")):
            yield path, getattr(pattern.callback, "cls", None)
