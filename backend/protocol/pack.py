"""Policy packs: the dated, sourced numbers and switches of each programme.

A pack is a TOML file in `packs/`; it may stand on another (`base`) and override it. A pack that
is incomplete, has an unknown key, an unsourced number, or overlaps another pack of its programme
does not load, and `BadPack` says why. The version is the pack's id and the hash of its content.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.errors import Unprocessable
from backend.kernel.text import Text
from backend.protocol.case import Case
from backend.protocol.days import civil_day, is_zone, utc_day
from backend.protocol.findings import Level
from backend.protocol.pack_files import BadPack, merged_files

PACKS = Path(__file__).parent / "packs"
Activated = Mapping[str, date]
Content = Mapping[str, Any]
NOT_ACTIVATED: Activated = {}


class NoSuchPack(Unprocessable):
    """There is no pack or programme of this name, or none is in force on this day."""

    code = "no_such_pack"
    title = Text("該当するルールパックがありません", "There is no such pack")


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the medicine or the law, with its unit and where it comes from."""

    value: Decimal
    unit: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """One programme's numbers and switches, in force between two days (both included).

    `sign_off` says who must sign the pack off before use. `content` is all that its files say, as
    plain JSON: `pack_from` makes the same pack of it.
    """

    id: str
    programme: str
    in_force_from: date
    in_force_until: date | None
    waits_for_activation: bool
    sign_off: Text
    numbers: Mapping[str, Number]
    levels: Mapping[str, Level]
    choices: Mapping[str, tuple[Any, ...]]
    version: str
    content: Content

    def number(self, name: str) -> Decimal:
        """The exact value of a number, in the unit of `pack_shape`."""
        return self.numbers[name].value

    def whole(self, name: str) -> int:
        """A number that counts something (days, months, years, points)."""
        value = self.numbers[name].value
        if value != value.to_integral_value():
            raise ValueError(f"{self.id}: {name} is not whole")
        return int(value)

    def level(self, rule: str) -> Level:
        """The level of a rule whose level differs by pack."""
        return self.levels[rule]

    def choice(self, name: str) -> str:
        """The one code chosen, where the pack has a switch."""
        (code,) = self.choices[name]
        return str(code)


def pack_from(content: Content) -> Pack:
    """The pack whose `content` this is: the same version, numbers, levels and choices.

    `content` is plain JSON (days and decimals as text) of a pack that was checked when it was
    read from its file; it is not checked again. Kept packs are read back for years: a key that
    the files get later must be optional here.
    """
    until = content.get("in_force_until")
    return Pack(
        id=content["id"],
        programme=content["programme"],
        in_force_from=date.fromisoformat(content["in_force_from"]),
        in_force_until=date.fromisoformat(until) if until else None,
        waits_for_activation=content.get("waits_for_activation", False),
        sign_off=Text(content["sign_off"]["ja"], content["sign_off"]["en"]),
        numbers={
            name: Number(Decimal(n["value"]), n["unit"], n["source"], n["confidence"])
            for name, n in content["numbers"].items()
        },
        levels={rule: Level(entry["value"]) for rule, entry in content["levels"].items()},
        choices={name: tuple(entry["value"]) for name, entry in content["choices"].items()},
        version=_version(content),
        content=content,
    )


def _version(content: Content) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return f"{content['id']}@{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _plain(raw: Mapping[str, Any]) -> Content:
    """A merged file as plain JSON: days and decimals as text."""
    plain: Content = json.loads(json.dumps(raw, default=str))
    return plain


def _check_overlaps(packs: Mapping[str, Pack]) -> None:
    """Refuse two packs of one programme that are in force on the same day."""
    always = [pack for pack in packs.values() if not pack.waits_for_activation]
    for one in always:
        for other in always:
            if one.id < other.id and one.programme == other.programme and _overlap(one, other):
                raise BadPack([f"{one.id} and {other.id} are in force on the same day"])


def _overlap(one: Pack, other: Pack) -> bool:
    one_until = one.in_force_until or date.max
    other_until = other.in_force_until or date.max
    return one.in_force_from <= other_until and other.in_force_from <= one_until


@lru_cache(maxsize=8)
def packs_in(folder: Path) -> Mapping[str, Pack]:
    """All packs of a folder by id. Raises BadPack, which lists every reason."""
    packs = {raw["id"]: pack_from(_plain(raw)) for raw in merged_files(folder)}
    _check_overlaps(packs)
    return packs


def load(pack_id: str) -> Pack:
    """The pack of this id, whatever the date. Raises NoSuchPack or BadPack."""
    packs = packs_in(PACKS)
    if pack_id not in packs:
        raise NoSuchPack(Text(f"パック {pack_id} はありません。", f"There is no pack {pack_id}."))
    return packs[pack_id]


def waits_for_anybody(programme: str) -> bool:
    """Whether some pack of the programme answers only once a clinic has activated it."""
    packs = packs_in(PACKS).values()
    return any(pack.programme == programme and pack.waits_for_activation for pack in packs)


def _since(pack: Pack, activated: Activated) -> date:
    """The pack's first day in force; the end of time for one that nobody has activated."""
    if not pack.waits_for_activation:
        return pack.in_force_from
    return max(activated.get(pack.id, date.max), pack.in_force_from)


def _is_in_force(pack: Pack, on: date, activated: Activated) -> bool:
    return _since(pack, activated) <= on <= (pack.in_force_until or date.max)


def pack_in_force(programme: str, on: date, activated: Activated = NOT_ACTIVATED) -> Pack:
    """The pack that answers for a programme on a civil date (docs/domain.md, Packs).

    `activated`: pack id -> first day, for packs that wait for a human's activation (never before
    the pack's own first day); from that day on such a pack takes the programme over, and of two
    the one that came later.
    Raises NoSuchPack if no pack of the programme is in force on that day.
    """
    packs = [p for p in packs_in(PACKS).values() if p.programme == programme]
    in_force = [pack for pack in packs if _is_in_force(pack, on, activated)]
    if not in_force:
        ja = f"{on} に有効な {programme} のパックはありません。"
        raise NoSuchPack(Text(ja, f"No pack of {programme} is in force on {on}."))
    return max(in_force, key=lambda pack: (pack.waits_for_activation, _since(pack, activated)))


def pack_for(name: str, case: Case, activated: Activated = NOT_ACTIVATED) -> Pack:
    """The pack that a request names: a pack id as it is, a programme by its day (0.6, X-07).

    The day is today in the patient's zone, in UTC if the zone is unknown.
    """
    if name in packs_in(PACKS):
        return load(name)
    zone = case.patient.zone
    today = civil_day(case.now, zone) if zone and is_zone(zone) else utc_day(case.now)
    return pack_in_force(name, today, activated)
