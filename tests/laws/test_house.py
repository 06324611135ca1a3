"""The laws of the house, on the house."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from backend.api.endpoint import Endpoint
from backend.config.policy import tables
from backend.kernel.actor import Role
from tests.laws import breaches
from tests.laws.breaches import ROOT, sources
from workers.subscriptions import SUBSCRIPTIONS

OURS = sources("backend", "workers", "dev", "tests")


def over(paths, law) -> list[str]:
    return [
        breach
        for path in paths
        for breach in law(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]


def own_models():
    return [m for m in apps.get_models() if m.__module__.startswith("backend.")]


def app_of(model) -> str:
    return model.__module__.split(".")[1]


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern) and path.startswith(("v1/", "cds-services/")):
            yield path, getattr(pattern.callback, "cls", None)


def test_imports_point_down_and_rules_are_plain():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]


def test_foreign_keys_point_down():
    keys = [
        (app_of(model), app_of(field.related_model))
        for model in own_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation
    ]

    assert keys
    assert breaches.keys_that_point_up(keys) == []


def test_no_file_is_longer_than_three_hundred_lines():
    assert over(OURS, breaches.too_long) == []


def test_there_is_one_clock():
    ours = [
        p
        for p in sources("backend", "workers")
        if p.relative_to(ROOT).as_posix() != "backend/clock.py"
    ]

    assert over(ours, breaches.second_clocks) == []


def test_a_service_says_who_and_when_and_opens_the_transaction():
    services = [
        p for p in sources("backend") if p.parent.name == "services" and p.name != "__init__.py"
    ] + [ROOT / "backend/outbox/hand_over.py"]

    assert len(services) > 30
    assert over(services, breaches.incomplete_services) == []


def test_a_step_stands_inside_somebodys_transaction():
    steps = [p for p in sources("backend") if p.parent.name == "steps" and p.name != "__init__.py"]

    assert steps
    assert over(steps, breaches.steps_without_guard) == []


def test_migrations_are_sentences_and_import_none_of_our_code():
    migrations = [p for p in (ROOT / "backend").rglob("migrations/0*.py")]

    assert migrations
    assert over(migrations, breaches.bad_migrations) == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_no_import_hides_in_a_function():
    assert over(sources("backend", "workers"), breaches.hidden_imports) == []


def test_no_decision_is_by_a_pack_that_was_not_activated():
    assert over(sources("backend", "workers"), breaches.packs_chosen_past_activations) == []


def test_every_event_has_a_schema_and_a_subscription():
    declared = [
        event
        for config in apps.get_app_configs()
        if config.name.startswith("backend.")
        and (ROOT / config.name.replace(".", "/") / "events.py").exists()
        for event in __import__(f"{config.name}.events", fromlist=["EVENTS"]).EVENTS
    ]
    schemas = {
        p.stem: json.loads(p.read_text()) for p in (ROOT / "api_schema/events").glob("*.json")
    }

    assert len(declared) > 10
    assert breaches.shapeless_events(declared, schemas, SUBSCRIPTIONS) == []
    assert all(s["additionalProperties"] is False for s in schemas.values())


def test_every_route_is_in_the_table_and_every_verb_has_a_route():
    routed = [
        (method, path, view.verbs[method].action)
        if view is not None and issubclass(view, Endpoint)
        else (method, path, None)
        for path, view in routes()
        if path != "v1/openapi.json"
        for method in (getattr(view, "verbs", None) or {"get": None})
    ]
    people = [row.action for table in tables() for row in table if row.roles - {Role.JOB}]

    assert breaches.routes_outside_the_table(routed, people) == []


def test_the_methods_of_an_endpoint_are_the_ones_it_has_verbs_for():
    wrong = [
        path
        for path, view in routes()
        if view is not None
        and {m for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)}
        != set(view.verbs)
    ]

    assert wrong == []


def test_the_committed_schema_is_current():
    call_command("write_schema", "--check")


def test_the_state_diagrams_are_current():
    call_command("write_states", "--check")


def test_the_rule_pages_are_current():
    call_command("write_rules", "--check")
