"""Shapes of what-if questions, of their answers and of the packs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.fields import Line, Shape
from backend.api.language import reader_language
from backend.kernel.text import Text
from backend.protocol.findings import Assessment, Finding
from backend.protocol.pack import Pack
from backend.rulebook.rules import SIGN_OFF


class Said(serializers.CharField):
    """A text in the reader's language."""

    def to_representation(self, value: Any) -> str:
        """Japanese or English."""
        text: Text = value
        return text.in_language(reader_language())


class AskAssessmentIn(Shape):
    """A what-if question in the words of the case format."""

    pack = Line(max_length=60, help_text="A pack id, or a programme: jp, us, uk, eu.")
    purpose = Line(
        max_length=60, help_text="intake, prescribe, dispense, checkin or second_course."
    )
    now = Line(max_length=60, help_text="RFC 3339, with an offset.")
    facts = serializers.DictField(help_text="Sections of facts; absent or null is unknown.")

    example: ClassVar[dict[str, Any]] = {
        "pack": "us_ipledge_2023",
        "purpose": "prescribe",
        "now": "2026-03-10T12:00:00Z",
        "facts": {"patient": {"zone": "Europe/London", "birth_on": "2001-06-15"}},
    }


class WhatIfFindingOut(serializers.Serializer):
    """One rule's answer."""

    rule = serializers.CharField(help_text="Its number in the rule book, for example C-11.")
    level = serializers.CharField(
        help_text="counsel, warn, senior, hold, block, stop or urgent, in rising order."
    )
    message = Said()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Facts that are needed and not known."
    )
    remedy = Said(allow_null=True, help_text="What would change the answer.")
    remedy_by = serializers.CharField(help_text="Who can do it.")
    evidence = serializers.SerializerMethodField(help_text="The facts that decided.")
    source = serializers.CharField()  # type: ignore[assignment]  # a field of this name

    def get_evidence(self, finding: Finding) -> dict[str, str]:
        """Fact by name."""
        return dict(finding.evidence)


class WhatIfOut(serializers.Serializer):
    """The rule book's answer to invented facts. Decision support: the physician decides."""

    pack = serializers.CharField()
    pack_version = serializers.CharField()
    in_force = serializers.BooleanField(help_text="Whether the pack is in force on that day.")
    decision = serializers.CharField(help_text="clear, senior, hold, block, stop or urgent.")
    findings = serializers.SerializerMethodField(help_text="All, the most severe first.")

    @extend_schema_field(WhatIfFindingOut(many=True))
    def get_findings(self, answer: Assessment) -> Any:
        """In the reader's language."""
        ordered = sorted(answer.findings, key=lambda finding: -finding.level.rank)
        return WhatIfFindingOut(ordered, many=True).data


class RulePackSummaryOut(serializers.Serializer):
    """A country's dated numbers."""

    id = serializers.CharField()
    programme = serializers.CharField(help_text="jp, us, uk or eu.")
    in_force_from = serializers.DateField()
    in_force_until = serializers.DateField(allow_null=True, help_text="Included; null = open.")
    waits_for_activation = serializers.BooleanField(
        help_text="In force only once somebody activates it."
    )
    version = serializers.CharField(help_text="The id and a hash of the content.")
    sign_off = serializers.SerializerMethodField(help_text="Who must sign it off before use.")

    def get_sign_off(self, pack: Pack) -> str:  # noqa: ARG002 - the same for each
        """In the reader's language."""
        return SIGN_OFF.in_language(reader_language())


class PackNumberOut(serializers.Serializer):
    """One number of the medicine or the law."""

    value = serializers.SerializerMethodField(help_text="A decimal.")
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    confidence = serializers.CharField(
        help_text="H, M or L; DESIGN = our proposal, a clinician confirms."
    )

    def get_value(self, number: Any) -> str:
        """Exact, without exponent."""
        return format(number.value, "f")


class RulePackOut(RulePackSummaryOut):
    """A pack with all that it says."""

    numbers = serializers.DictField(child=PackNumberOut(), help_text="By name.")
    levels = serializers.DictField(
        child=serializers.CharField(), help_text="By rule, where packs differ."
    )
    choices = serializers.SerializerMethodField(help_text="By name: the codes that are chosen.")

    def get_choices(self, pack: Pack) -> dict[str, list[str]]:
        """Each as a list."""
        return {name: [str(code) for code in codes] for name, codes in pack.choices.items()}
