"""Each law is broken once on purpose: a law that cannot fail is none."""

from tests.laws import breaches


def test_a_key_that_points_up_is_found():
    assert breaches.keys_that_point_up([("accounts", "pharmacy")]) == ["accounts -> pharmacy"]


def test_a_key_to_a_sibling_is_found():
    assert breaches.keys_that_point_up([("pharmacy", "followups")]) == ["pharmacy -> followups"]


def test_a_key_that_points_down_is_fine():
    assert breaches.keys_that_point_up([("pharmacy", "accounts"), ("intake", "intake")]) == []


def test_line_three_hundred_and_one_is_one_too_many():
    assert breaches.too_long("a.py", "x\n" * 300) == []
    assert breaches.too_long("a.py", "x\n" * 301) == ["a.py: 301 lines"]


def test_a_second_clock_is_found():
    assert breaches.second_clocks("a.py", "at = timezone.now()")
    assert breaches.second_clocks("a.py", "day = date.today()")
    assert breaches.second_clocks("a.py", "at = clock.now()") == []


def test_a_service_without_transaction_or_actor_is_found():
    broken = "def approve(*, course_id, at):\n    pass\n"
    whole = "@service\ndef approve(*, course_id, by, at):\n    pass\n"

    assert len(breaches.incomplete_services("a.py", broken)) == 2
    assert breaches.incomplete_services("a.py", whole) == []
    assert breaches.incomplete_services("a.py", whole.replace("*, ", ""))


def test_a_step_without_guard_is_found():
    assert breaches.steps_without_guard("a.py", "def halt(course):\n    pass\n")
    assert not breaches.steps_without_guard(
        "a.py", "def halt(course):\n    require_transaction()\n"
    )


def test_a_nameless_migration_and_one_that_imports_us_are_found():
    assert breaches.bad_migrations("0002_auto_20261122_1800", "")
    assert breaches.bad_migrations("0002_alter_visit_status_and_more", "")
    assert breaches.bad_migrations("0002_visits", "from backend.db import together")
    assert breaches.bad_migrations("0002_visits", "import uuid_utils.compat") == []


def test_a_hidden_import_is_found():
    assert breaches.hidden_imports("a.py", "def f():\n    from backend import clock\n")
    assert breaches.hidden_imports("a.py", "from backend import clock\n") == []


def test_a_pack_that_is_chosen_without_asking_what_was_activated_is_found():
    broken = "from backend.protocol.pack import load, pack_in_force\n"

    assert breaches.packs_chosen_past_activations("backend/intake/a.py", broken) == [
        "backend/intake/a.py: pack_in_force"
    ]
    assert breaches.packs_chosen_past_activations("backend/rulebook/queries.py", broken) == []
    assert (
        breaches.packs_chosen_past_activations("a.py", broken.replace(", pack_in_force", "")) == []
    )


def test_an_event_without_schema_or_subscription_is_found():
    found = breaches.shapeless_events(["a.b.c"], ["x.y.z"], {"p.q.r": ()})

    assert found == [
        "a.b.c: no schema",
        "a.b.c: no row in SUBSCRIPTIONS",
        "x.y.z: a schema, but no event",
        "p.q.r: subscribed, but no event",
    ]


def test_a_route_outside_the_table_is_found_and_a_verb_without_route_too():
    found = breaches.routes_outside_the_table(
        [("get", "v1/a", None), ("post", "v1/b", "visit.hold"), ("post", "v1/c", "visit.hold")],
        ["visit.hold", "visit.cancel"],
    )

    assert found == [
        "GET v1/a: not in the verb table (None)",
        "POST v1/c: visit.hold is POST v1/b already",
        "visit.cancel: no route",
    ]
