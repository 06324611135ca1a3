"""What the published contract says about answers, where generated requests once found it wrong."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.policy.routes import all_routes, contract, operations


def shown(name: str):
    return contract()["components"]["schemas"][name]


def test_every_route_stands_in_the_contract():
    assert {route.operation_id for route in all_routes()} == set(operations())


TAKES_BODY = [route for route in all_routes() if "requestBody" in operations()[route.operation_id]]


@pytest.mark.parametrize("route", TAKES_BODY, ids=str)
def test_nothing_in_a_body_is_endless(route):
    body = operations()[route.operation_id]["requestBody"]["content"]["application/json"]["schema"]

    for where, leaf in leaves(body, route.operation_id):
        kinds = leaf.get("type", [])
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        assert kinds or "enum" in leaf, where
        if kinds & {"integer", "number"}:
            assert {"minimum", "maximum"} <= set(leaf) or "enum" in leaf, where
        if "string" in kinds:
            assert {"maxLength", "enum", "pattern", "format"} & set(leaf), where
        if "array" in kinds:
            assert "maxItems" in leaf, where


def leaves(schema: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema."""
    if "$ref" in schema:
        schema = shown(schema["$ref"].rpartition("/")[2])
    for part in (*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])):
        yield from leaves(part, where)
    for name, inner in schema.get("properties", {}).items():
        yield from leaves(inner, f"{where}.{name}")
    if "items" in schema:
        yield from leaves(schema["items"], f"{where}[]")
    if not {"allOf", "oneOf", "anyOf"} & set(schema):
        yield where, schema


def test_what_patients_are_not_shown_is_not_promised():
    check_in = shown("CheckInOut")

    assert {"decision", "findings", "pack"} <= set(check_in["properties"])
    assert not {"decision", "findings", "pack", "pack_version"} & set(check_in["required"])
    assert "advice" in check_in["required"]


def test_a_local_time_is_a_time_without_an_offset():
    local_time = shown("FollowUpOut")["properties"]["local_time"]

    assert "format" not in local_time
    assert re.search(local_time["pattern"], "09:00:00")
    assert not re.search(local_time["pattern"], "24:00:00")
