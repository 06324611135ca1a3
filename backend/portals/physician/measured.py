"""The newest measurements of a patient, in one line each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from backend.portals.physician.panels.labs import NAMES
from backend.portals.physician.panels.pregnancy import RESULTS, SETTINGS

MOST = 15


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, on which civil day, with its unit."""

    on: date
    what: str
    value: str


def measured_of(facts: dict[str, Any]) -> list[Measured]:
    """Weights, results, tests and scores of `facts_about`, the newest first."""
    found = [*_weights(facts), *_labs(facts), *_tests(facts), *_scores(facts)]
    return sorted(found, key=lambda one: one.on, reverse=True)[:MOST]


def _weights(facts: dict[str, Any]) -> Iterator[Measured]:
    for row in facts.get("patient", {}).get("weights", []):
        yield Measured(date.fromisoformat(row["on"]), _("Weight"), f"{row['kg']} kg")


def _labs(facts: dict[str, Any]) -> Iterator[Measured]:
    for row in facts.get("labs", []):
        name, value = str(NAMES[row["analyte"]]), f"{row['value']} {row['unit']}"
        yield Measured(date.fromisoformat(row["taken_on"]), name, value)


def _tests(facts: dict[str, Any]) -> Iterator[Measured]:
    for row in facts.get("pregnancy_tests", []):
        value = f"{RESULTS[row['result']]} ({SETTINGS[row['setting']]})"
        yield Measured(date.fromisoformat(row["taken_on"]), _("Pregnancy test"), value)


def _scores(facts: dict[str, Any]) -> Iterator[Measured]:
    for row in facts.get("phq", []):
        said = [f"{name}: {row[key]}" for key, name in _PHQ if row.get(key) is not None]
        yield Measured(date.fromisoformat(row["on"]), _("Mood questionnaires"), ", ".join(said))


_PHQ = (("phq2", "PHQ-2"), ("phq9", "PHQ-9"), ("item9", "PHQ-9 #9"))
