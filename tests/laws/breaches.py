"""The repository's own laws, as functions that return what breaks them (nothing = obeyed).

They take text or tables, so that `test_laws_bite.py` can feed each of them a broken sample.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    {"workers"},
    {"operations"},
    {"config"},
    {"portals"},
    {"auditor", "care", "retention"},
    {"pharmacy", "followups", "decision_support"},
    {"prescriptions"},
    {"booking", "intake"},
    {"notifications", "worklist", "records", "formulary", "rulebook"},
    {"accounts"},
    {"api"},
    {"audit", "outbox"},
]
_CLOCKS = re.compile(r"\b(timezone\.now|datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
_NAMELESS = re.compile(r"(auto_|_(alter|rename|remove|add)_\w+_and_more)")


def sources(*folders: str) -> list[Path]:
    """Our own Python files below the folders, migrations left out."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def floor_of(app: str) -> int:
    """How far down an app lives; 0 is the top."""
    return next(number for number, floor in enumerate(FLOORS) if app in floor)


def keys_that_point_up(keys: Iterable[tuple[str, str]]) -> list[str]:
    """Foreign keys as (from app, to app): each must stay in its app or go down."""
    return [f"{a} -> {b}" for a, b in keys if a != b and floor_of(a) >= floor_of(b)]


def too_long(name: str, text: str, limit: int = 300) -> list[str]:
    """No Python file is longer than 300 lines."""
    lines = text.count("\n")
    return [f"{name}: {lines} lines"] if lines > limit else []


def second_clocks(name: str, text: str) -> list[str]:
    """Nothing but backend/clock.py asks what time it is."""
    return [f"{name}: {found.group()}" for found in _CLOCKS.finditer(text)]


def incomplete_services(name: str, text: str) -> list[str]:
    """A public function of a service file is a @service that asks by= and at=, keyword-only."""
    found = []
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        marks = {ast.unparse(mark) for mark in node.decorator_list}
        asks = {argument.arg for argument in node.args.kwonlyargs}
        if "service" not in marks:
            found.append(f"{name}: {node.name} opens no durable transaction (@service)")
        if not {"by", "at"} <= asks or node.args.args:
            found.append(f"{name}: {node.name} must ask by= and at=, by keyword only")
    return found


def steps_without_guard(name: str, text: str) -> list[str]:
    """A public function of a step file begins with require_transaction()."""
    return [
        f"{name}: {node.name} does not call require_transaction()"
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "require_transaction()" not in ast.unparse(node)
    ]


def bad_migrations(name: str, text: str) -> list[str]:
    """A migration has a human name and imports none of our code."""
    found = [f"{name}: not a sentence"] if _NAMELESS.search(name) else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        ours = [m for m in modules if m.split(".")[0] in {"backend", "workers"}]
        found += [f"{name}: imports {module}" for module in ours]
    return found


def hidden_imports(name: str, text: str) -> list[str]:
    """No import inside a function: it would hide a circle."""
    return [
        f"{name}: {ast.unparse(inner)}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def packs_chosen_past_activations(name: str, text: str) -> list[str]:
    """Only the rule book, which knows what a clinic activated, asks which pack is in force."""
    if name.startswith(("backend/protocol/", "backend/rulebook/")):
        return []
    return [
        f"{name}: {alias.name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "backend.protocol.pack"
        for alias in node.names
        if alias.name in {"pack_in_force", "pack_for"}
    ]


def shapeless_events(
    events: Iterable[str], schemas: Iterable[str], subscriptions: Mapping[str, object]
) -> list[str]:
    """Every event has a schema and a row in the subscription table, and no row is left over."""
    events, schemas = set(events), set(schemas)
    return [
        *(f"{event}: no schema" for event in sorted(events - schemas)),
        *(f"{event}: no row in SUBSCRIPTIONS" for event in sorted(events - set(subscriptions))),
        *(f"{event}: a schema, but no event" for event in sorted(schemas - events)),
        *(f"{event}: subscribed, but no event" for event in sorted(set(subscriptions) - events)),
    ]


def routes_outside_the_table(
    routed: Iterable[tuple[str, str, str | None]], table: Iterable[str]
) -> list[str]:
    """Routes as (method, path, action): each stands in the verb table, each verb on one route."""
    table = set(table)
    found: list[str] = []
    seen: dict[str, str] = {}
    for method, path, action in routed:
        where = f"{method.upper()} {path}"
        if action is None or action not in table:
            found.append(f"{where}: not in the verb table ({action})")
        elif action in seen:
            found.append(f"{where}: {action} is {seen[action]} already")
        else:
            seen[action] = where
    return [*found, *(f"{action}: no route" for action in sorted(table - set(seen)))]
