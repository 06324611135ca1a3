"""`manage.py write_schema [--check]`: api_schema/openapi.yaml from the endpoints."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

FILE = Path(__file__).resolve().parents[4] / "api_schema" / "openapi.yaml"


class Command(BaseCommand):
    """Write or check the committed OpenAPI file."""

    help = "Generate the OpenAPI 3.1 file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check compares and writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Exit code 1 on a warning of the generator, an invalid schema or a stale file."""
        schema = SchemaGenerator().get_schema(request=None, public=True)
        if GENERATOR_STATS:
            GENERATOR_STATS.emit_summary()
            sys.exit(1)
        validate_schema(schema)
        text = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
        if options["check"]:
            if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
                self.stderr.write("api_schema/openapi.yaml is stale: run `make schema`.")
                sys.exit(1)
            return
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(text, encoding="utf-8")
