"""An assessment as one reader sees it: in one language."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.kernel.text import Text
from backend.protocol.findings import Assessment, Finding, Level


def finding_in(finding: Finding, language: str, **more: Any) -> dict[str, Any]:
    """A finding in the reader's language: what is wrong, what would change it, who can do it."""
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "message": finding.message.in_language(language),
        "remedy": _said(finding.remedy, language),
        "remedy_by": finding.remedy_by.value,
        "missing": list(finding.missing),
        "evidence": dict(finding.evidence),
        "source": finding.source,
        **more,
    }


def findings_in(assessment: Assessment, language: str) -> list[dict[str, Any]]:
    """All findings, the most severe first."""
    ordered = sorted(assessment.findings, key=lambda finding: -finding.level.rank)
    return [finding_in(finding, language) for finding in ordered]


def stored_findings_in(
    findings: Iterable[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    """Stored findings in the reader's language, the most severe first."""
    ordered = sorted(findings, key=lambda finding: -Level(finding["level"]).rank)
    return [
        {
            "rule": finding["rule"],
            "level": finding["level"],
            "message": _stored(finding["message"], language),
            "remedy": _stored(finding["remedy"], language),
            "remedy_by": finding["remedy_by"],
            "missing": finding["missing"],
            "evidence": finding["evidence"],
            "source": finding["source"],
        }
        for finding in ordered
    ]


def _stored(text: Mapping[str, str] | None, language: str) -> str | None:
    return Text(text["ja"], text["en"]).in_language(language) if text else None


def _said(text: Text | None, language: str) -> str | None:
    return text.in_language(language) if text else None
