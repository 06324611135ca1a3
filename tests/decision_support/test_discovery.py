"""CDS Hooks discovery: open to everybody, about nobody."""

import pytest
from django.test import Client
from django.urls import resolve

from backend.decision_support.offered import SERVICES


def discovered(language="en", method="get"):
    return getattr(Client(), method)("/cds-services", headers={"Accept-Language": language})


def test_the_services_are_told_without_sign_in():
    answer = discovered()

    services = answer.json()["services"]
    assert answer.status_code == 200
    assert [(one["id"], one["hook"]) for one in services] == [
        ("isotretinoin-order-sign", "order-sign"),
        ("isotretinoin-order-select", "order-select"),
    ]
    for one in services:
        assert set(one) == {"id", "hook", "title", "description", "usageRequirements"}
        assert all(one.values())  # CDS Hooks: nothing is null or empty
        assert "the physician decides" in one["description"]


def test_they_are_told_in_japanese_first():
    japanese, other = discovered("ja").json(), discovered("fr").json()

    assert japanese == other
    assert not japanese["services"][0]["title"].isascii()
    assert "判断するのは医師です" in japanese["services"][0]["description"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
def test_every_service_that_is_offered_is_there(service):
    found = resolve(f"/cds-services/{service.id}")

    (shape,) = [verb.name for verb in found.func.cls.verbs.values()]
    assert shape == service.hook.replace("-", "_")


def test_discovery_is_read_only():
    assert discovered(method="post").status_code == 405
    assert discovered(method="head").status_code == 200
