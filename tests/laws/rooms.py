"""More laws, on names and pages: what an app consists of, what exists, what is said once.

Like `breaches.py`: functions that take text or tables and return what breaks the law.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from backend.kernel.verbs import Verbs

_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
_PLACE = re.compile(r"`((?:backend|workers|docs|tests|api_schema|dev)/[\w./-]*)`")


def lacking_rooms(app: str, texts: Mapping[str, str], *, readme_lines: int = 40) -> list[str]:
    """Texts by file name: a short README; TABLES and EVENTS wherever there are services."""
    readme = texts.get("README.md", "")
    found = [] if readme else [f"{app}: no README.md"]
    if readme.count("\n") > readme_lines:
        found.append(f"{app}: README.md is longer than {readme_lines} lines")
    for name, table in (("rules.py", "TABLES"), ("events.py", "EVENTS")):
        if "services" in texts and f"\n{table} = " not in "\n" + texts.get(name, ""):
            found.append(f"{app}: no {table} in {name}")
    return found


def drawers(path: str) -> list[str]:
    """No module is called after being useful: what it is for is its name."""
    parts = {PurePosixPath(part).stem for part in PurePosixPath(path).parts}
    return [f"{path}: {part}" for part in sorted(parts & _DRAWERS)]


def full_inits(name: str, text: str) -> list[str]:
    """An `__init__.py` stays empty: otherwise importing a rule imports the app."""
    return [f"{name}: not empty"] if text.strip() else []


def signals(name: str, text: str) -> list[str]:
    """No Django signals, neither sent nor received (docs/decisions/0004)."""
    modules = [
        node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return [
        f"{name}: imports {module}"
        for module in modules
        if module.startswith("django") and ("signals" in module or "dispatch" in module)
    ]


def tasks_that_nobody_runs(named: Iterable[str], known: Iterable[str]) -> list[str]:
    """A task that a table names exists under that name."""
    return [f"{name}: no such task" for name in sorted(set(named) - set(known))]


def codes_with_two_meanings(refusals: Iterable[type]) -> list[str]:
    """A problem's code belongs to one class, or to a class and its own refinements."""
    owners: dict[str, list[type]] = defaultdict(list)
    for refusal in refusals:
        if "code" in vars(refusal):
            owners[refusal.code].append(refusal)  # type: ignore[attr-defined]
    return [
        f"{code}: {', '.join(sorted(owner.__qualname__ for owner in several))}"
        for code, several in sorted(owners.items())
        if not any(all(issubclass(one, first) for one in several) for first in several)
    ]


def statuses_out_of_reach(tables: Iterable[Verbs]) -> list[str]:
    """Every status of a table is where some verb ends."""
    return [
        f"{table.thing}: nothing leads to {status}"
        for table in tables
        for status in table.statuses
        if not any(status in row.to for row in table)
    ]


def statuses_that_differ(
    rows: Mapping[str, Iterable[str]], tables: Mapping[str, Iterable[str]]
) -> list[str]:
    """The database knows the statuses of the table, no more and no fewer (by thing)."""
    return [
        f"{thing}: {', '.join(sorted(set(known) ^ set(tables[thing])))}"
        for thing, known in rows.items()
        if thing in tables and set(known) != set(tables[thing])
    ]


def missing_words(things: Iterable[str], glossary: str) -> list[str]:
    """The glossary's first column names every thing of the verb tables."""
    rows = re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)
    words = {word.strip() for row in rows for word in row.split("/")}
    return [f"{thing}: not in the glossary" for thing in things if _spoken(thing) not in words]


def _spoken(thing: str) -> str:
    return thing.replace("_", " ").replace("check in", "check-in").replace("follow up", "follow-up")


def unexplained_variables(settings: str, example: str) -> list[str]:
    """Every variable that the settings read is explained in the example file."""
    read = re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings)
    said = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    return [f"{name}: not in .env.example" for name in read if name not in said]


def places_that_are_not_there(page: str, exists: Callable[[str], bool]) -> list[str]:
    """A path in backticks on a page leads somewhere."""
    return [f"{path}: not there" for path in _PLACE.findall(page) if not exists(path)]
