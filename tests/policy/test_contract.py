"""What the published contract says about answers, where generated requests once found it wrong."""

import re

from tests.policy.routes import all_routes, contract, operations


def shown(name: str):
    return contract()["components"]["schemas"][name]


def test_every_route_stands_in_the_contract():
    assert {route.operation_id for route in all_routes()} == set(operations())


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
