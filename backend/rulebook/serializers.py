"""Shapes of what-if questions, of their answers and of the packs."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.fields import CivilDate, Line, Prose, PublicId, Shape
from backend.api.language import reader_language
from backend.api.out import StatefulOut
from backend.kernel.text import Text
from backend.protocol.catalogue import Entry
from backend.protocol.findings import Assessment, Finding
from backend.protocol.pack import Pack
from backend.rulebook.rules import PACK_ACTIVATIONS, sign_off_hash


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
    sign_off = Said(help_text="Who must sign it off before use.")
    sign_off_sha256 = serializers.SerializerMethodField(
        help_text="Of that text, UTF-8, lower case hexadecimal: an activation names it."
    )

    def get_sign_off_sha256(self, pack: Pack) -> str:
        """Of the text in the reader's language."""
        return sign_off_hash(pack, reader_language())


class SourcedOut(serializers.Serializer):
    """Where something of a pack comes from."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field of this name
    confidence = serializers.CharField(
        help_text="H, M or L; DESIGN = our proposal, a clinician confirms."
    )


class PackNumberOut(SourcedOut):
    """One number of the medicine or the law."""

    value = serializers.SerializerMethodField(help_text="A decimal.")
    unit = serializers.CharField()

    def get_value(self, number: Any) -> str:
        """Exact, without exponent."""
        return format(number.value, "f")


class PackLevelOut(SourcedOut):
    """The level of a rule that packs see differently."""

    value = serializers.CharField(help_text="counsel, warn, senior, hold, block, stop or urgent.")


class PackChoiceOut(SourcedOut):
    """A switch, or a list of what the pack knows."""

    value = serializers.ListField(child=serializers.CharField(), help_text="Codes, or mg.")


class RulePackOut(RulePackSummaryOut):
    """A pack with all that it says, and where each part of it comes from."""

    source = serializers.CharField(  # type: ignore[assignment]  # a field of this name
        source="content.source", help_text="Of its days in force."
    )
    numbers = serializers.DictField(child=PackNumberOut(), help_text="By name.")
    levels = serializers.DictField(
        source="content.levels", child=PackLevelOut(), help_text="By rule, where packs differ."
    )
    choices = serializers.DictField(
        source="content.choices", child=PackChoiceOut(), help_text="By name: what is chosen."
    )


class RuleValueOut(SourcedOut):
    """What one pack says."""

    pack = serializers.CharField()
    value = serializers.CharField(help_text="As the pack has it: a decimal, a code, several.")
    shown = Said(help_text="As a person reads it.")


class RuleNumberOut(serializers.Serializer):
    """A number, a choice or the rule's own level, pack beside pack."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text="number, choice or level.")
    label = Said()  # type: ignore[assignment]  # a field of this name
    unit = Said(help_text="Empty where it has none.")
    differs = serializers.BooleanField(help_text="Whether the packs do not all say the same.")
    values = RuleValueOut(source="cells", many=True)


class RuleAnswerOut(serializers.Serializer):
    """One thing that a rule can say."""

    name = serializers.CharField()
    levels = serializers.ListField(
        child=serializers.CharField(), help_text="At which it can be said, mildest first."
    )
    by_pack = serializers.BooleanField(help_text="Whether the pack decides which.")
    message = Said(help_text="[…] stands for the patient's own value.")
    remedy = Said(allow_null=True, help_text="What would change the answer.")
    remedy_by = serializers.ListField(child=serializers.CharField(), help_text="Who can do it.")


class RuleOut(serializers.Serializer):
    """A rule with its numbers in each pack. Decision support: the physician decides."""

    id = serializers.CharField(help_text="For example C-11.")
    section = serializers.CharField()
    name = Said()
    note = Said(allow_null=True)
    asked_at = serializers.ListField(
        source="purposes", child=serializers.CharField(), help_text="The purposes that ask it."
    )
    packs = serializers.ListField(
        child=serializers.CharField(), help_text="The packs in which it is asked."
    )
    answers = RuleAnswerOut(many=True)
    numbers = RuleNumberOut(source="readings", many=True)
    needs = serializers.SerializerMethodField(help_text="Facts without which it holds, by path.")
    patient_message = Said(source="patient", allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field of this name

    def get_needs(self, entry: Entry) -> dict[str, str]:
        """Path and what it is called."""
        return {path: label.in_language(reader_language()) for path, label in entry.needs}


class ActivatePackIn(Shape):
    """A pack that waits, its first day, and who signed it off."""

    pack_version = Line(max_length=80, help_text="As GET /v1/protocol/packs/{pack_id} shows it.")
    in_force_on = CivilDate(help_text="The first day, where the patient lives; not in the past.")
    reason = Prose(max_length=400)
    physician = PublicId("stf", help_text="The clinic's responsible physician, who signed it off.")
    lawyer = Line(max_length=120, help_text="The name of the lawyer who signed it off.")
    sign_off_sha256 = serializers.RegexField(
        "^[0-9a-f]{64}$", help_text="Of the text that they signed, as the pack shows it."
    )

    example: ClassVar[dict[str, Any]] = {
        "pack_version": "us_ipledge_2026@0123456789abcdef",
        "in_force_on": "2026-08-08",
        "reason": "The new REMS took effect.",
        "physician": "stf_01jq0000000000000000000000",
        "lawyer": "Jane Roe",
        "sign_off_sha256": "0" * 64,
    }


class WithdrawActivationIn(Shape):
    """Why the pack no longer answers."""

    reason = Prose(max_length=400)

    example: ClassVar[dict[str, Any]] = {"reason": "The FDA put the change off."}


class PackActivationOut(StatefulOut):
    """A clinic's yes to a pack that waits for one."""

    table = PACK_ACTIVATIONS

    pack = serializers.CharField(read_only=True)
    pack_version = serializers.CharField(read_only=True, help_text="What was signed off.")
    in_force_on = serializers.DateField(
        read_only=True, help_text="The first day, where the patient lives."
    )
    reason = serializers.CharField(read_only=True)
    physician = PublicId("stf", source="physician_id", read_only=True)
    physician_name = serializers.CharField(source="physician.name", read_only=True)
    lawyer = serializers.CharField(read_only=True)
    sign_off_sha256 = serializers.CharField(read_only=True)
    activated_by = PublicId("usr", source="activated_by_id", read_only=True)
    activated_at = serializers.DateTimeField(read_only=True)
    withdrawn_by = PublicId("usr", source="withdrawn_by_id", read_only=True, allow_null=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)
    withdrawal_reason = serializers.CharField(read_only=True, allow_null=True)
