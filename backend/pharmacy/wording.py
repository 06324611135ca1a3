"""Findings as a pharmacy may see them: what it can act on, and nothing of the patient's mind.

A pharmacy is told rule, level and one sentence of our own. The engine's messages are written for
the physician and never leave through here (feature 77).
"""

from collections.abc import Iterable
from typing import Any

from backend.kernel.text import Text
from backend.protocol.findings import Finding

MENTAL_HEALTH = frozenset({"C-18", "C-19", "K-03", "K-04", "K-08", "R-02"})
HIDDEN_RULE = "clinical"

_WINDOW = Text(
    "交付できる期間ではありません。クリニックにご連絡ください。",
    "It is outside the window for handing over; contact the clinic.",
)
_CLINIC = Text(
    "クリニックの確認が必要です。交付せずにクリニックへご連絡ください。",
    "The clinic has to look at it first: do not hand over, contact the clinic.",
)
_SAID = {
    **dict.fromkeys(("W-02", "J-17", "P-JP-02", "P-PP-06", "P-US-09", "P-US-11"), _WINDOW),
    "P-US-14": _WINDOW,
    "W-04": Text(
        "受け取る方の本人確認を行ってください。",
        "Check the identity of the person who receives it.",
    ),
    "W-05": Text("処方日数を超えています。", "More days than prescribed."),
    "W-06": Text("すでに交付済みです。", "It was handed over already."),
    "W-07": Text("この処方は無効です。", "The prescription is void."),
    "W-10": Text("処方日が未来の日付です。", "The prescription is dated after today."),
    "J-20": Text(
        "輸入した医師の医療機関でのみ交付できます。",
        "Only the clinic of the physician who imported the lot may hand it over.",
    ),
}


def for_pharmacy(findings: Iterable[Finding], language: str) -> list[dict[str, Any]]:
    """Rule, level and a sentence of each finding, in `language`, the most severe first."""
    ordered = sorted(findings, key=lambda finding: -finding.level.rank)
    return [
        {
            "rule": HIDDEN_RULE if finding.rule in MENTAL_HEALTH else finding.rule,
            "level": finding.level.value,
            "message": _SAID.get(finding.rule, _CLINIC).in_language(language),
        }
        for finding in ordered
    ]
