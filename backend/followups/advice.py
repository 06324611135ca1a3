"""What to tell a patient at once after her answers. Plain Python over `advice.toml`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.text import Text

FILE = Path(__file__).parent / "advice.toml"
OF_DECISION = {"senior": "hold", "block": "hold"}


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call: `emergency`, `crisis_line` or `clinic`, and the number."""

    who: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. The code is a published contract; it names the act, not the finding."""

    code: str
    text: Text
    call: tuple[Call, ...]


def advice_for(
    rules: Iterable[str], decision: str, *, programme: str, clinic_telephone: str
) -> list[Advice]:
    """The advice for these findings, most pressing first; at least one, by the decision."""
    file, found = _file(), set(rules)
    chosen = [entry for entry in file["advice"] if found & set(entry["rules"])]
    if not chosen:
        chosen = [file["otherwise"][OF_DECISION.get(decision, decision)]]
    numbers = {**file["numbers"][programme], "clinic": clinic_telephone}
    return [
        Advice(
            code=entry["code"],
            text=Text(entry["ja"], entry["en"]),
            call=tuple(Call(who, numbers[who]) for who in entry["call"]),
        )
        for entry in chosen
    ]


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
