"""Findings as cards (CDS Hooks 2.0, Card Attributes): information only, no action to accept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.conf import settings

from backend.kernel.text import Text
from backend.prescriptions.models import Prescription
from backend.protocol.findings import Level
from backend.protocol.names import name_of
from backend.protocol.pack import Pack
from backend.protocol.texts import Wording, fact_label

Card = dict[str, Any]
SHORTER_THAN = 140  # characters of a summary

# `critical` is what refuses the signature; `warning` is to be acknowledged or signed off.
INDICATORS = {
    Level.COUNSEL: "info",
    Level.WARN: "warning",
    Level.SENIOR: "warning",
    Level.HOLD: "critical",
    Level.BLOCK: "critical",
    Level.STOP: "critical",
    Level.URGENT: "critical",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")

DECIDES = Text("判断支援です。判断するのは医師です。", "Decision support: the physician decides.")
_CLEAR = Text("この処方を妨げる所見はありません。", "No rule refuses this prescription.")
_SIGNED = Text("別の医師が承認署名済み", "signed off by another physician")
_NOT_WAITING = Text(
    "この処方は署名待ちではないため、判定していません（状態: {status}）。",
    "This prescription waits for no signature (status {status}); it was not assessed.",
)
_EVIDENCE = Text("根拠", "Evidence")
_MISSING = Text("不足している情報", "Missing")
_REMEDY = Text("対処", "What would change it")
_SOURCE = Text("出典", "Source")
_ORDER = Text("判定した処方", "Assessed")
_CONTENT = Text(
    "{product}、1日 {daily_mg} mg、{days} 日分（{ref}）",
    "{product}, {daily_mg} mg a day, {days} days ({ref})",
)
_LABEL = Text(
    "Suhada {pack}（判断支援・使用前に責任者の承認が必要）",
    "Suhada {pack} (decision support, to be signed off before use)",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the cards are for: the language, and the call that each card's uuid is made of."""

    language: str
    hook_instance: UUID

    def said(self, text: Text, **shown: object) -> str:
        """The sentence in the reader's language, with its placeholders filled."""
        return text.in_language(self.language).format(**shown)


def cards_of(row: Prescription, live: Mapping[str, Any], pack: Pack, reader: Reader) -> list[Card]:
    """One card for each finding, the most severe first; and one that says so when none refuses.

    `live`: the answer of `live_assessment` in the reader's language.
    """
    content = _content(row, reader)
    cards = [_of_finding(finding, content, reader) for finding in live["findings"]]
    if live["may_be_approved"]:
        clear = f"{reader.said(_CLEAR)} {reader.said(DECIDES)}"
        cards.append({"summary": clear, "indicator": "info", "detail": f"- {content}"})
    return [_sourced(card, number, row, pack, reader) for number, card in enumerate(cards)]


def not_waiting(row: Prescription, pack: Pack, reader: Reader) -> list[Card]:
    """What is said of a prescription that is signed, or closed: never nothing, which is clear."""
    card = {
        "summary": reader.said(_NOT_WAITING, status=row.status),
        "indicator": "warning",
        "detail": f"- {_content(row, reader)}",
    }
    return [_sourced(card, 0, row, pack, reader)]


def shortened(sentence: str) -> str:
    """At most 139 characters: CDS Hooks asks for fewer than 140."""
    if len(sentence) < SHORTER_THAN:
        return sentence
    return sentence[: SHORTER_THAN - 2].rstrip() + "…"


def _of_finding(finding: Mapping[str, Any], content: str, reader: Reader) -> Card:
    level = Level(finding["level"])
    stands = level is not Level.SENIOR or not finding["signed_off"]
    shown = name_of("levels", level).in_language(reader.language)
    return {
        "summary": shortened(f"{finding['rule']} {shown}: {finding['message']}"),
        "indicator": INDICATORS[level] if stands else "info",
        "detail": _detail(finding, shown, content, reader),
    }


def _detail(finding: Mapping[str, Any], level: str, content: str, reader: Reader) -> str:
    """GitHub Flavored Markdown; what stands in it is text and nothing else."""
    name = Wording(finding["rule"]).name.in_language(reader.language)
    signed = f" ({reader.said(_SIGNED)})" if finding["signed_off"] else ""
    lines = [
        f"**{_plain(finding['rule'])} {_plain(name)}** – {_plain(level)}{signed}",
        "",
        _plain(finding["message"]),
        "",
    ]
    lines += [f"- {title}: {text}" for title, text in _points(finding, reader)]
    return "\n".join([*lines, f"- {content}"])


def _points(finding: Mapping[str, Any], reader: Reader) -> list[tuple[str, str]]:
    """What is known of a finding beside its message; nothing for what is not."""
    evidence = [f"{_plain(fact)} = {_plain(value)}" for fact, value in finding["evidence"].items()]
    missing = [fact_label(path).in_language(reader.language) for path in finding["missing"]]
    who = name_of("who", finding["remedy_by"]).in_language(reader.language)
    remedy = f"{_plain(finding['remedy'])} ({who})" if finding["remedy"] else ""
    points = [
        (_EVIDENCE, ", ".join(evidence)),
        (_MISSING, ", ".join(map(_plain, missing))),
        (_REMEDY, remedy),
        (_SOURCE, _plain(finding["source"])),
    ]
    return [(reader.said(title), text) for title, text in points if text]


def _content(row: Prescription, reader: Reader) -> str:
    """What was assessed: the prescription as it is held here, whatever the order says."""
    product = _plain(row.product.name)
    shown = {"product": product, "daily_mg": row.daily_mg, "days": row.days, "ref": row.ref}
    return f"{reader.said(_ORDER)}: {reader.said(_CONTENT, **shown | {'ref': _plain(row.ref)})}"


def _sourced(card: Card, number: int, row: Prescription, pack: Pack, reader: Reader) -> Card:
    """The card with its id and its source; its detail ends with who must sign the pack off.

    The same call gets the same ids: nothing about cards is stored.
    """
    query = urlencode({"pack": pack.id, "language": reader.language})
    sign_off = _plain(pack.sign_off.in_language(reader.language))
    return {
        **card,
        "uuid": str(uuid5(reader.hook_instance, f"{row.ref}/{number}")),
        "detail": f"{card['detail']}\n\n{sign_off}",
        "source": {
            "label": reader.said(_LABEL, pack=pack.id),
            "url": f"{settings.PUBLIC_URL}/rules?{query}",
        },
    }


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
