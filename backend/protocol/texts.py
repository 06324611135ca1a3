"""The words of the rules in Japanese and English, from `texts/*.toml`; the logic has none.

Each rule has `name`, `source`, one message for each way it can answer, and what would change the
answer: `fix` (or `<answer>_fix`), `who` can do it, and `patient`, safe to show to the patient.
A placeholder is a fact of the evidence by its name, else the number of the pack of that name.
For the page of all rules (`catalogue.py`) it also declares what it `reads` of a pack, which facts
it `needs`, the `levels` of answers that are not called after their level, and a `note`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.kernel.text import Text
from backend.protocol.findings import Finding, Level, Who
from backend.protocol.pack import Number

TEXTS = Path(__file__).parent / "texts"
LABELS = "labels.toml"
NO_RULES = frozenset({LABELS, "numbers.toml", "page.toml", "sources.toml"})
RESERVED = frozenset(
    {"name", "source", "fix", "who", "patient", "reads", "needs", "levels", "note"}
)


@lru_cache(maxsize=1)
def rule_texts() -> Mapping[str, Mapping[str, Any]]:
    """Rule id -> its entry in the text files. Raises ValueError if a rule stands twice."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(TEXTS.glob("*.toml")):
        if path.name in NO_RULES:
            continue
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{path.name}: {sorted(twice)} stand twice")
        found |= entries
    return found


@lru_cache(maxsize=1)
def labels() -> Mapping[str, Any]:
    """`facts` (path -> label), `levels` (level -> text for the patient), `who` (section -> who).

    `codes`: code of the vocabulary -> what it is called in a message.
    """
    return tomllib.loads((TEXTS / LABELS).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Words:
    """What stands at the placeholders of a message: the evidence, else the pack's number."""

    evidence: Mapping[str, Text]
    numbers: Mapping[str, Number]

    def at(self, placeholder: str) -> Text:
        """What stands there; a question mark, since an unknown one must never lose the finding."""
        if word := self.evidence.get(placeholder):
            return word
        number = self.numbers.get(placeholder)
        return amount(number) if number else Text("?", "?")


NO_NUMBERS: Mapping[str, Number] = {}
NO_WORDS = Words({}, NO_NUMBERS)


def amount(number: Number) -> Text:
    """As a person reads it: shares as percent, thousands apart, nothing rounded; no unit."""
    share = number.unit == "fraction"
    shown = f"{(number.value * 100).normalize():f}%" if share else f"{number.value:,f}"
    return Text(shown, shown)


class _Shown(dict[str, str]):
    """The placeholders that a message asks for, in one language."""

    def __init__(self, words: Words, language: str) -> None:
        super().__init__()
        self._words, self._language = words, language

    def __missing__(self, key: str) -> str:
        return self._words.at(key).in_language(self._language)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one rule."""

    rule: str

    def _pair(self, key: str, words: Words) -> Text | None:
        pair = rule_texts().get(self.rule, {}).get(key)
        if not pair:
            return None
        ja, en = _Shown(words, "ja"), _Shown(words, "en")
        return Text(pair[0].format_map(ja), pair[1].format_map(en))

    @property
    def name(self) -> Text:
        """What the rule is called."""
        return self._pair("name", NO_WORDS) or Text(self.rule, self.rule)

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return str(rule_texts().get(self.rule, {}).get("source", self.rule))

    def message(self, answer: str, words: Words) -> Text:
        """The message of one answer; the rule's name if there is none."""
        return self._pair(answer, words) or self.name

    def fix(self, answer: str, level: Level, words: Words) -> Text | None:
        """What would change the answer: its own words, else those of level senior, else any."""
        signed = self._pair("senior_fix", words) if level is Level.SENIOR else None
        return self._pair(f"{answer}_fix", words) or signed or self._pair("fix", words)

    def who(self, level: Level) -> Who:
        """Who can do it: a senior physician's sign-off for level senior, else as written."""
        if level == Level.SENIOR:
            return Who.SENIOR_PHYSICIAN
        return Who(rule_texts().get(self.rule, {}).get("who", Who.PHYSICIAN))

    def patient(self, level: Level, words: Words) -> Text | None:
        """Words for the patient from level senior upwards; none below."""
        general = labels()["levels"].get(level.value)
        return (self._pair("patient", words) or Text(*general)) if general else None


def shown(value: object) -> str:
    """A value as a person reads it: exact decimals, three places for fractions, ISO dates."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Fraction):
        rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.001"))
        return format(rounded.normalize(), "f")
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(sorted(str(item) for item in value)) or "none"
    return str(value)


def worded(shown_value: str) -> Text:
    """What stands in a message for a value as `shown`: codes by their names, the rest as it is."""
    names = [_named(code) for code in shown_value.split(", ")]
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names))


def _named(code: str) -> Text:
    return Text(*labels()["codes"].get(code, (code, code)))


def said(
    rule: str,
    level: Level,
    answer: str,
    evidence: Mapping[str, object],
    numbers: Mapping[str, Number] = NO_NUMBERS,
) -> Finding:
    """The finding of a rule that has an answer. `numbers`: the pack's, for its message."""
    known = {name: value for name, value in evidence.items() if value is not None}
    wording, facts = Wording(rule), {name: shown(value) for name, value in known.items()}
    words = Words({name: worded(value) for name, value in facts.items()}, numbers)
    return Finding(
        rule=rule,
        level=level,
        message=wording.message(answer, words),
        evidence=tuple(sorted(facts.items())),
        missing=(),
        remedy=wording.fix(answer, level, words),
        remedy_by=wording.who(level),
        patient_message=wording.patient(level, words),
        source=wording.source,
    )


def fact_label(path: str) -> Text:
    """What a fact is called; the path itself if it has no label."""
    pair = labels()["facts"].get(path)
    return Text(*pair) if pair else Text(path, path)


def unknown(rule: str, missing: Iterable[str]) -> Finding:
    """The hold of a rule whose facts are absent; it names each of them."""
    return _unknown(rule, tuple(dict.fromkeys(missing)))


@lru_cache(maxsize=2048)
def _unknown(rule: str, paths: tuple[str, ...]) -> Finding:
    words = [fact_label(path) for path in paths]
    ja, en = "、".join(w.ja for w in words), ", ".join(w.en for w in words)
    name = Wording(rule).name
    who = labels()["who"].get(paths[0].split(".")[0], Who.PHYSICIAN.value)
    return Finding(
        rule=rule,
        level=Level.HOLD,
        message=Text(
            f"{name.ja}: 判断に必要な情報がありません（{ja}）。",
            f"{name.en}: needed and not known: {en}.",
        ),
        evidence=(),
        missing=paths,
        remedy=Text(f"確認して記録してください: {ja}。", f"Ask and record: {en}."),
        remedy_by=Who(who),
        patient_message=Text(*labels()["levels"]["unknown"]),
        source=Wording(rule).source,
    )


def failed(rule: str, error: Exception) -> Finding:
    """The hold of a rule that broke: never clear, and never silent."""
    return Finding(
        rule=rule,
        level=Level.HOLD,
        message=Text(
            f"規則 {rule} を判定できませんでした。先へ進まないでください。",
            f"Rule {rule} could not be answered. Do not go on.",
        ),
        evidence=(("error", type(error).__name__),),
        missing=(),
        remedy=Text("システム担当者に連絡してください。", "Tell whoever runs the system."),
        remedy_by=Who.CLINIC_STAFF,
        patient_message=Text(*labels()["levels"]["unknown"]),
        source=Wording(rule).source,
    )
