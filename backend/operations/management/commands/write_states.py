"""`manage.py write_states [--check]`: the diagrams in docs/states from the verb tables."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from backend.config.policy import tables
from backend.operations.diagrams import pages

FOLDER = Path(__file__).resolve().parents[4] / "docs" / "states"


class Command(BaseCommand):
    """Write or check the generated pages."""

    help = "Draw the state diagrams from the verb tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check compares and writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Exit code 1 when --check finds a page that is not what the tables say."""
        wanted = pages(tables())
        FOLDER.mkdir(parents=True, exist_ok=True)
        kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
        if kept == wanted:
            return
        if options["check"]:
            self.stderr.write("docs/states is stale: run `make diagrams`.")
            sys.exit(1)
        for name in set(kept) - set(wanted):
            (FOLDER / name).unlink()
        for name, text in wanted.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
