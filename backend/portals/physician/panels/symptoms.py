"""What the patient reported over time: twelve items as a heat map, mood scores, red flags."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.protocol.vocabulary import CHECKIN_ITEMS

ITEMS = {
    "lips": _("Dry lips"),
    "skin": _("Dry skin"),
    "eyes": _("Dry eyes"),
    "nose": _("Nosebleeds"),
    "joints": _("Joint pain"),
    "back": _("Back pain"),
    "headache": _("Headache"),
    "fatigue": _("Tiredness"),
    "hair": _("Hair loss"),
    "gut": _("Stomach and bowel"),
    "sun": _("Sun sensitivity"),
    "flare": _("Acne flare"),
}
RED_FLAGS = {
    "bih": _("Raised pressure in the head"),
    "mood": _("Mood or suicidal thoughts"),
    "pancreatitis": _("Pancreatitis"),
    "sjs": _("Severe skin reaction"),
    "anaphylaxis": _("Anaphylaxis"),
    "rhabdo": _("Muscle breakdown"),
    "liver": _("Liver"),
    "gut": _("Bloody diarrhoea"),
    "hearing": _("Hearing"),
    "vision": _("Vision"),
    "fulminans": _("Acne fulminans"),
    "pregnancy": _("Pregnancy"),
}
MOST = 12  # check-ins side by side


@dataclass(frozen=True, slots=True)
class Column:
    """One answered check-in."""

    day: int | None
    answered_at: datetime
    decision: str
    phq2: int | None
    phq9: int | None
    red_flags: list[str]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Columns are check-ins, the oldest first; each row is an item with a grade a column."""

    columns: list[Column]
    rows: list[tuple[str, list[int | None]]]

    @property
    def has_mood(self) -> bool:
        """Whether any PHQ-2 or PHQ-9 was answered."""
        return any(c.phq2 is not None or c.phq9 is not None for c in self.columns)


def heat_map(check_ins: Iterable[Any]) -> HeatMap:
    """The newest answered check-ins (rows of CheckIn, any order). Grades 0 (none) to 4 (worst)."""
    answered = [row for row in check_ins if row.status == "answered" and row.answers]
    answered = sorted(answered, key=lambda row: row.answered_at)[-MOST:]
    columns = [_column(row) for row in answered]
    rows = [
        (str(ITEMS[item]), [row.answers.get("items", {}).get(item) for row in answered])
        for item in CHECKIN_ITEMS
    ]
    return HeatMap(columns, rows)


def _column(row: Any) -> Column:
    said = row.answers
    flags = [str(RED_FLAGS.get(code, code)) for code in said.get("red_flags", [])]
    return Column(row.day, row.answered_at, row.decision, said.get("phq2"), said.get("phq9"), flags)
