"""The laws of rooms, names and pages, on the house."""

import re

import pytest

from backend.config.policy import tables
from backend.kernel.errors import Problem
from tests.laws import rooms
from tests.laws.breaches import FLOORS, ROOT, sources
from tests.laws.test_house import over, own_models
from workers.app import app
from workers.schedules import SCHEDULES
from workers.subscriptions import SUBSCRIPTIONS

APPS = sorted(set().union(*FLOORS) - {"workers", "config"})
PAGES = [
    *ROOT.glob("README*.md"),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "backend").rglob("README.md")),
]


def texts_of(name: str) -> dict[str, str]:
    folder = ROOT / "backend" / name
    return {
        path.name: path.read_text(encoding="utf-8") if path.is_file() else ""
        for path in folder.iterdir()
    }


def refusals(base: type = Problem) -> list[type]:
    return [base, *(found for child in base.__subclasses__() for found in refusals(child))]


def statuses_in(condition) -> set[str]:
    """Every status that a constraint names, however deep."""
    if isinstance(condition, tuple):
        name, value = condition
        value = [value] if isinstance(value, str) else value
        return set(value) if name in {"status", "status__in"} else set()
    inner = getattr(condition, "condition", None)
    parts = getattr(condition, "children", [] if inner is None else [inner])
    return {status for part in parts for status in statuses_in(part)}


@pytest.mark.parametrize("name", APPS)
def test_an_app_has_its_rooms_and_a_page_that_says_what_it_is(name):
    assert rooms.lacking_rooms(name, texts_of(name)) == []


def test_no_module_is_a_drawer_for_everything():
    ours = sources("backend", "workers", "dev", "tests")

    assert [found for p in ours for found in rooms.drawers(p.relative_to(ROOT).as_posix())] == []


def test_the_inits_are_empty():
    inits = [p for p in sources("backend") if p.name == "__init__.py"]

    # Django looks for models in the package itself: a package of models must name them.
    assert over([p for p in inits if p.parent.name != "models"], rooms.full_inits) == []


def test_there_are_no_signals():
    assert over(sources("backend", "workers"), rooms.signals) == []


def test_every_task_that_a_table_names_exists():
    app.loader.import_default_modules()
    named = [task for tasks in SUBSCRIPTIONS.values() for task in tasks]
    named += [row["task"] for row in SCHEDULES.values()]

    assert rooms.tasks_that_nobody_runs(named, app.tasks) == []


def test_a_code_means_one_thing():
    known = refusals()

    assert len(known) > 50
    assert rooms.codes_with_two_meanings(known) == []


def test_every_status_can_be_reached():
    assert rooms.statuses_out_of_reach(tables()) == []


def test_the_database_knows_the_statuses_of_the_table():
    rows = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower(): {
            status for row in model._meta.constraints for status in statuses_in(row)
        }
        for model in own_models()
        if any(field.name == "status" for field in model._meta.fields)
    }
    known = {table.thing: table.statuses for table in tables()}

    assert len(set(rows) & set(known)) > 10
    assert rooms.statuses_that_differ(rows, known) == []


def test_the_glossary_has_every_thing():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

    assert rooms.missing_words([table.thing for table in tables()], glossary) == []


def test_every_variable_is_explained():
    settings = (ROOT / "backend" / "config" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert rooms.unexplained_variables(settings, example) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page):
    text = page.read_text(encoding="utf-8")

    assert rooms.places_that_are_not_there(text, lambda path: (ROOT / path).exists()) == []
