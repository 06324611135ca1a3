"""Every rule as people read it: what it answers, and what it reads of each pack, side by side.

The texts declare what a rule reads (`texts/*.toml`); a law runs the rules' own tests and refuses
a declaration that is not what the rules do (`tests/laws/test_the_rule_page_is_true.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from backend.kernel.text import Text
from backend.protocol.ask import Rule
from backend.protocol.findings import Level, Who
from backend.protocol.names import keys_of, name_of, section_of, word
from backend.protocol.pack import PACKS, Pack, packs_in
from backend.protocol.pack_shape import ALL, CHOICES, LEVELS, NUMBERS, NUMBERS_OF_SOME
from backend.protocol.rulebook import RULES
from backend.protocol.texts import RESERVED, Wording, amount, fact_label, rule_texts
from backend.protocol.vocabulary import PROGRAMMES, PURPOSES

BY_PACK = "by_pack"
_ORDER = (*NUMBERS, *NUMBERS_OF_SOME, *CHOICES)
_OF_THE_FORM = ("X-06", "X-07")  # no functions: `assess` itself sees to them


@dataclass(frozen=True, slots=True)
class Cell:
    """What one pack says: `value` as its file has it, `shown` as a person reads it."""

    pack: str
    value: str
    shown: Text
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A number, a choice or the level that a rule reads, in every pack that has it."""

    name: str
    kind: str
    label: Text
    unit: Text
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the packs do not all say the same."""
        return len({cell.value for cell in self.cells}) > 1

    def of(self, pack: str) -> Cell | None:
        """What this pack says; None if it has nothing of the kind."""
        return next((cell for cell in self.cells if cell.pack == pack), None)

    @property
    def sources(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Each source with its confidence and the packs that cite it, in the order of the packs."""
        found: dict[tuple[str, str], list[str]] = {}
        for cell in self.cells:
            found.setdefault((cell.source, cell.confidence), []).append(cell.pack)
        return tuple((source, sure, tuple(packs)) for (source, sure), packs in found.items())


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that a rule can say, at which levels, and who can do what would change it."""

    name: str
    levels: tuple[Level, ...]
    by_pack: bool
    message: Text
    remedy: Text | None
    remedy_by: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: when and in which packs it is asked, what it answers, reads and needs."""

    id: str
    section: str
    name: Text
    note: Text | None
    purposes: tuple[str, ...]
    packs: tuple[str, ...]
    answers: tuple[Answer, ...]
    readings: tuple[Reading, ...]
    needs: tuple[tuple[str, Text], ...]
    patient: Text | None
    source: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The packs that have something to show, in the order of `all_packs`."""
        having = {cell.pack for reading in self.readings for cell in reading.cells}
        return tuple(pack.id for pack in all_packs() if pack.id in having)


def all_packs() -> tuple[Pack, ...]:
    """Every pack, by programme and first day: the order of the columns."""
    packs = packs_in(PACKS).values()
    return tuple(sorted(packs, key=lambda p: (PROGRAMMES.index(p.programme), p.in_force_from)))


def in_force(pack: Pack) -> Text:
    """From when to when a pack answers for its programme."""
    if pack.waits_for_activation:
        return word("when_activated", day=pack.in_force_from)
    if pack.in_force_until is None:
        return word("from_day", day=pack.in_force_from)
    return word("between", day=pack.in_force_from, until=pack.in_force_until)


@lru_cache(maxsize=1)
def catalogue() -> tuple[Entry, ...]:
    """Every rule, section by section and by number."""
    packs = all_packs()
    rules = [*RULES, *(_rule_of_the_form(rule_id) for rule_id in _OF_THE_FORM)]
    entries = [_entry(rule, packs) for rule in rules]
    order = keys_of("sections")
    return tuple(sorted(entries, key=lambda entry: (order.index(entry.section), entry.id)))


def narrowed(
    entries: Iterable[Entry], *, section: str | None = None, pack: str | None = None
) -> tuple[Entry, ...]:
    """The rules of one section, or those asked in one pack with what that pack says."""
    found = [entry for entry in entries if section in (None, entry.section)]
    if pack is None:
        return tuple(found)
    return tuple(_in_one_pack(entry, pack) for entry in found if pack in entry.packs)


def _in_one_pack(entry: Entry, pack: str) -> Entry:
    readings = [
        replace(reading, cells=(cell,)) for reading in entry.readings if (cell := reading.of(pack))
    ]
    return replace(entry, packs=(pack,), readings=tuple(readings))


def _rule_of_the_form(rule_id: str) -> Rule:
    return Rule(rule_id, frozenset(PURPOSES), ALL, lambda _: None)


def _entry(rule: Rule, packs: tuple[Pack, ...]) -> Entry:
    declared = rule_texts()[rule.id]
    words = Wording(rule.id)
    of_its_own = [pack for pack in packs if pack.programme in rule.programmes]
    return Entry(
        id=rule.id,
        section=section_of(rule.id),
        name=words.name,
        note=_text(declared.get("note")),
        purposes=tuple(purpose for purpose in PURPOSES if purpose in rule.purposes),
        packs=tuple(p.id for p in of_its_own if rule.id not in p.choices["rules_off"]),
        answers=_answers(rule.id, of_its_own),
        readings=_readings(rule.id, of_its_own),
        needs=tuple((path, fact_label(path)) for path in declared.get("needs", ())),
        patient=_text(declared.get("patient"), of_its_own),
        source=words.source,
    )


class _Blanks(dict[str, str]):
    """A message without a patient's values, with the numbers on which all these packs agree."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        super().__init__()
        self._packs = tuple(packs)

    def __missing__(self, key: str) -> str:
        amounts = {amount(p.numbers[key]) for p in self._packs if key in p.numbers}
        return amounts.pop().en if len(amounts) == 1 else "[…]"


def _text(pair: list[str] | None, packs: Iterable[Pack] = ()) -> Text | None:
    return Text(*(words.format_map(_Blanks(packs)) for words in pair)) if pair else None


# Answers ---------------------------------------------------------------------------------


def _answers(rule: str, packs: Iterable[Pack]) -> tuple[Answer, ...]:
    names = [n for n in rule_texts()[rule] if n not in RESERVED and not n.endswith("_fix")]
    return tuple(_answer(rule, name, packs) for name in names)


def _answer(rule: str, name: str, packs: Iterable[Pack]) -> Answer:
    declared = rule_texts()[rule]
    levels = levels_of(rule, name, packs)
    return Answer(
        name=name,
        levels=levels,
        by_pack=declared.get("levels", {}).get(name) == BY_PACK,
        message=_text(declared[name], packs) or Wording(rule).name,
        remedy=_text(declared.get(f"{name}_fix") or declared.get("fix"), packs),
        remedy_by=tuple(dict.fromkeys(Wording(rule).who(level) for level in levels)),
    )


def levels_of(rule: str, answer: str, packs: Iterable[Pack]) -> tuple[Level, ...]:
    """The levels at which a rule gives this answer in these packs, mildest first."""
    declared = rule_texts()[rule].get("levels", {}).get(answer, answer)
    if declared == BY_PACK:
        found = {pack.level(rule) for pack in packs}
    else:
        found = {Level(level) for level in ([declared] if isinstance(declared, str) else declared)}
    return tuple(sorted(found, key=lambda level: level.rank))


# What it reads of a pack -----------------------------------------------------------------


def _readings(rule: str, packs: Iterable[Pack]) -> tuple[Reading, ...]:
    packs = tuple(packs)
    names = sorted(rule_texts()[rule].get("reads", ()), key=_ORDER.index)
    found = [_reading(name, packs) for name in names]
    if any(rule in pack.choices["rules_off"] for pack in packs):
        found.insert(0, _whether_asked(rule, packs))
    if rule in LEVELS:
        found.append(_level(rule, packs))
    return tuple(found)


def _reading(name: str, packs: Iterable[Pack]) -> Reading:
    if name in CHOICES:
        cells = [_cell(pack, "choices", name, _codes(pack.choices[name])) for pack in packs]
        return Reading(name, "choice", name_of("choices", name), Text("", ""), tuple(cells))
    having = [pack for pack in packs if name in pack.numbers]
    unit = having[0].numbers[name].unit
    cells = [_cell(p, "numbers", name, amount(p.numbers[name])) for p in having]
    return Reading(name, "number", name_of("numbers", name), name_of("units", unit), tuple(cells))


def _level(rule: str, packs: Iterable[Pack]) -> Reading:
    cells = [_cell(p, "levels", rule, name_of("levels", p.level(rule))) for p in packs]
    return Reading(rule, "level", name_of("choices", "level"), Text("", ""), tuple(cells))


def _whether_asked(rule: str, packs: Iterable[Pack]) -> Reading:
    cells = []
    for pack in packs:
        code = "not_asked" if rule in pack.choices["rules_off"] else "asked"
        cell = _cell(pack, "choices", "rules_off", name_of("codes", code))
        cells.append(replace(cell, value=code))
    return Reading(
        "rules_off", "choice", name_of("choices", "rules_off"), Text("", ""), tuple(cells)
    )


def _cell(pack: Pack, table: str, name: str, shown: Text) -> Cell:
    said = pack.content[table][name]
    value = said["value"]
    listed = value if isinstance(value, list) else [value]
    return Cell(
        pack=pack.id,
        value=", ".join(str(item) for item in listed),
        shown=shown,
        source=said["source"],
        confidence=said["confidence"],
    )


def _codes(codes: Iterable[Any]) -> Text:
    names = [name_of("codes", str(code)) for code in codes] or [name_of("codes", "none")]
    return Text("、".join(n.ja for n in names), ", ".join(n.en for n in names))
