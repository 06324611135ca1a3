"""The one table: every thing, every verb, every role and status, gathered from the apps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from backend.kernel.verbs import Verbs


def tables() -> tuple[Verbs, ...]:
    """The verb tables of all installed apps of ours, in the order of the floors."""
    found: list[Verbs] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.rules"
        if app.name.startswith("backend.") and find_spec(name) is not None:
            found += import_module(name).TABLES
    return tuple(found)
