"""What was decided, and what the same facts say when they are asked again."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.fields import Line, PublicId, Shape
from backend.api.language import reader_language
from backend.api.out import RowOut
from backend.prescriptions.models import Decision
from backend.prescriptions.replaying import digest
from backend.prescriptions.wording import stored_findings_in

LEVELS = "counsel, warn, senior, hold, block, stop or urgent, in rising order."
DECISION = "clear, senior, hold, block, stop or urgent."
RULES_VERSION = "A hash of the rules' code and words; empty where it was not kept yet."


class DecidedFindingOut(serializers.Serializer):
    """One rule's answer: what is wrong, what would change it, and who can do that."""

    rule = serializers.CharField(help_text="Its number in the rule book, for example C-11.")
    level = serializers.CharField(help_text=LEVELS)
    message = serializers.CharField()
    remedy = serializers.CharField(allow_null=True, help_text="What would change the answer.")
    remedy_by = serializers.CharField(help_text="Who can do it.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Facts that are needed and not known."
    )
    evidence = serializers.DictField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]  # a field of this name


class DecisionSummaryOut(RowOut):
    """A decision as lists show it: without the facts and the findings."""

    patient = PublicId("pt", source="patient_id", read_only=True)
    course = PublicId("crs", source="course_id", read_only=True, allow_null=True)
    prescription = PublicId("rx", source="prescription_id", read_only=True, allow_null=True)
    moment = serializers.CharField(read_only=True, help_text="What it was asked for.")
    purpose = serializers.CharField(
        read_only=True, help_text="intake, prescribe, dispense, checkin or second_course."
    )
    decision = serializers.CharField(read_only=True, help_text=DECISION)
    pack = serializers.CharField(read_only=True)
    pack_version = serializers.CharField(read_only=True)
    rules_version = serializers.CharField(read_only=True, help_text=RULES_VERSION)
    asked_by = serializers.CharField(read_only=True)
    asked_at = serializers.DateTimeField(read_only=True)


class DecisionOut(DecisionSummaryOut):
    """A decision with all that it rested on, and all that the rules said."""

    facts = serializers.DictField(read_only=True, help_text="In the words of the case format.")
    facts_sha256 = serializers.SerializerMethodField(help_text="Of the canonical JSON, in hex.")
    findings = serializers.SerializerMethodField(help_text="All of them, the most severe first.")

    def get_facts_sha256(self, row: Decision) -> str:
        """As the audit trail has it."""
        return digest(row.facts)

    @extend_schema_field(DecidedFindingOut(many=True))
    def get_findings(self, row: Decision) -> Any:
        """In the reader's language."""
        return stored_findings_in(row.findings, reader_language())


class ReplayDecisionIn(Shape):
    """Nothing, or another pack: what would it have said?"""

    pack = Line(
        max_length=80,
        required=False,
        help_text="A pack id, or a version that decisions were made by.",
    )

    example: ClassVar[dict[str, Any]] = {}


class DifferenceOut(serializers.Serializer):
    """One thing that is said otherwise."""

    about = serializers.CharField(help_text="`decision`, `order`, or a rule.")
    then = serializers.CharField(allow_null=True, help_text="The decision or level as stored.")
    now = serializers.CharField(allow_null=True, help_text="As asked again.")
    fields = serializers.ListField(  # type: ignore[assignment]  # a field of this name
        child=serializers.CharField(), help_text="What differs in a rule's answer."
    )


class ReplayedOut(serializers.Serializer):
    """The answer of the rules, asked again."""

    decision = serializers.CharField(help_text=DECISION)
    pack = serializers.CharField()
    pack_version = serializers.CharField()
    rules_version = serializers.CharField(help_text="Of the rules that answered now.")
    today = serializers.CharField(allow_null=True, help_text="Civil day of the patient, then.")
    findings = serializers.SerializerMethodField(help_text="All of them, the most severe first.")
    findings_sha256 = serializers.CharField(help_text="Of the canonical JSON, in hex.")

    @extend_schema_field(DecidedFindingOut(many=True))
    def get_findings(self, replayed: Any) -> Any:
        """In the reader's language."""
        return stored_findings_in(replayed.findings, reader_language())


class RecordOut(serializers.Serializer):
    """Whether the row still says what the audit trail says that it said."""

    entry = serializers.CharField(allow_null=True, help_text="The entry; null = there is none.")
    unaltered = serializers.BooleanField()
    differs = serializers.ListField(
        child=serializers.CharField(), help_text="What the entry says otherwise, by name."
    )


class ReplayOut(serializers.Serializer):
    """The stored facts asked at the stored instant: does the answer stand?"""

    id = serializers.CharField(help_text="The decision's.")
    purpose = serializers.CharField()
    asked_at = serializers.DateTimeField()
    decision = serializers.CharField(help_text="As stored: " + DECISION)
    pack_version = serializers.CharField(help_text="As stored.")
    rules_version = serializers.CharField(help_text="As stored. " + RULES_VERSION)
    facts_sha256 = serializers.CharField(help_text="Of the stored facts, in hex.")
    findings_sha256 = serializers.CharField(help_text="Of the stored findings, in hex.")
    replayed = ReplayedOut()
    same = serializers.BooleanField(
        help_text="Under the stored pack: every finding is the same to the byte. "
        "Under another: the decision is."
    )
    differences = DifferenceOut(many=True)
    record = RecordOut()
