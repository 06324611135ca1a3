"""Events against their published schemas."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

EVENTS = Path(__file__).parents[2] / "api_schema" / "events"


def fits_its_schema(event) -> bool:
    """True, or the validator's error."""
    schema = json.loads((EVENTS / f"{event.type}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(event.payload)
    return True
