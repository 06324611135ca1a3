"""The same code with `record` switched off; the triggers are dropped by `trail_rows.silence`.

Only for `make bench`, which asks what the trail costs. It is an app, so that it can take the place
of what `record` and `service` call once Django has loaded everything.
"""

from importlib import import_module
from typing import Any

from django.apps import AppConfig


class Silent(AppConfig):
    """Does nothing where an entry would be written."""

    name = "dev.bench.silent"

    def ready(self) -> None:
        """Take their work from the one that writes entries and the one that tells who acts."""
        trail, transactions = import_module("backend.audit.record"), import_module("backend.db")
        for module, name in (
            (trail, "entry_for"),
            (trail, "append"),
            (transactions, "_say_who_acts"),
        ):
            if not callable(getattr(module, name)):
                raise RuntimeError(f"{name} is not what it was")
            setattr(module, name, _nothing)


def _nothing(*_: Any, **__: Any) -> None:
    pass
