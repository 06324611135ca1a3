"""Shapes of intake, in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.models import Clinic
from backend.api.fields import Code, Line, PublicId, Shape
from backend.api.language import reader_language
from backend.api.out import StatefulOut
from backend.intake.documents import Document, Rendered, render
from backend.intake.guidance import Guidance, guidance_for
from backend.intake.models import IntakeResponse
from backend.intake.questionnaire import Item, Questionnaire
from backend.intake.rules import RESPONSES, SIGNATURES
from backend.kernel.actor import Role
from backend.kernel.text import Text
from backend.protocol.vocabulary import DISCLOSURES


def said(text: Text | None) -> str | None:
    """A text in the reader's language."""
    return text.in_language(reader_language()) if text else None


# ------------------------------------------------------------------ questionnaires


class OptionOut(serializers.Serializer):
    """A code to choose."""

    code = serializers.CharField()
    text = serializers.CharField()


class ConditionOut(serializers.Serializer):
    """Asked only if `item` was answered with one of `in`, and at this age in completed years."""

    item = serializers.CharField(allow_null=True)
    among = serializers.ListField(child=serializers.JSONField())
    age_from = serializers.IntegerField()
    age_below = serializers.IntegerField()


class ItemOut(serializers.Serializer):
    """A question, in the reader's language."""

    id = serializers.CharField()
    type = serializers.CharField(
        help_text="bool, code, codes, date, text, medicines, procedures, methods or taken."
    )
    text = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of this name
    options = OptionOut(many=True)
    enable_when = ConditionOut(allow_null=True)


class SectionOut(serializers.Serializer):
    """Questions under one heading."""

    id = serializers.CharField()
    title = serializers.CharField()
    introduction = serializers.CharField(allow_null=True)
    items = ItemOut(many=True)


class QuestionnaireSummaryOut(serializers.Serializer):
    """A questionnaire that is asked now."""

    id = serializers.CharField()
    title = serializers.CharField()


class QuestionnaireOut(QuestionnaireSummaryOut):
    """A questionnaire in the reader's language."""

    language = serializers.CharField()
    introduction = serializers.CharField(allow_null=True)
    sections = SectionOut(many=True)


def shown_questionnaire(asked: Questionnaire) -> dict[str, Any]:
    """A questionnaire in the reader's language."""
    return {
        "id": asked.id,
        "title": said(asked.title),
        "language": reader_language(),
        "introduction": said(asked.introduction),
        "sections": [
            {
                "id": section.id,
                "title": said(section.title),
                "introduction": said(section.introduction),
                "items": [_item(item) for item in section.items],
            }
            for section in asked.sections
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": item.type,
        "text": said(item.text),
        "required": item.required,
        "options": [{"code": one.code, "text": said(one.text)} for one in item.options],
        "enable_when": item.enable_when,
    }


# ------------------------------------------------------------------ responses


class StartIntakeResponseIn(Shape):
    """Which questionnaire."""

    questionnaire = Line(max_length=60)

    example = {"questionnaire": "acne_intake_2026_1"}


class SaveIntakeResponseIn(Shape):
    """Some answers by question; null takes one back."""

    answers = serializers.DictField()

    example = {"answers": {"indication": "acne", "severity": "severe"}}


class GuidanceOut(serializers.Serializer):
    """What the patient reads after submitting. A visit may be booked whatever it says."""

    code = serializers.CharField()
    text = serializers.CharField()
    next_step = serializers.CharField()
    messages = serializers.ListField(child=serializers.CharField())


class IntakeResponseOut(StatefulOut):
    """Answers. `decision` and `findings` are for the clinic: the patient reads `guidance`."""

    table = RESPONSES

    patient = PublicId("pt", source="patient_id", read_only=True)
    questionnaire = serializers.CharField(read_only=True)
    answers = serializers.DictField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True, help_text="UTC.")
    saved_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="UTC.")
    submitted_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="UTC.")
    guidance = serializers.SerializerMethodField()
    decision = serializers.SerializerMethodField()
    pack_version = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    @extend_schema_field(GuidanceOut(allow_null=True))
    def get_guidance(self, row: IntakeResponse) -> dict[str, Any] | None:
        """Safe words and the next step, once it is submitted."""
        if row.decision is None:
            return None
        guidance: Guidance = guidance_for(row.decision)
        texts = [finding["patient_message"] for finding in row.findings or []]
        return {
            "code": guidance.code,
            "text": said(guidance.text),
            "next_step": said(guidance.next_step),
            "messages": list(dict.fromkeys(t[reader_language()] for t in texts if t)),
        }

    def get_decision(self, row: IntakeResponse) -> str | None:
        """The pre-screen's decision; null for the patient."""
        return row.decision if self._for_clinic() else None

    def get_pack_version(self, row: IntakeResponse) -> str | None:
        """The pack that was asked; null for the patient."""
        return row.pack_version if self._for_clinic() else None

    @extend_schema_field(serializers.ListField(child=serializers.DictField(), allow_null=True))
    def get_findings(self, row: IntakeResponse) -> list[dict[str, Any]] | None:
        """The findings of the rules; null for the patient."""
        return row.findings if self._for_clinic() else None

    def _for_clinic(self) -> bool:
        return self.context["actor"].role is not Role.PATIENT


# ------------------------------------------------------------------ consents


class DisclosureOut(serializers.Serializer):
    """A point to acknowledge by itself."""

    code = serializers.CharField()
    text = serializers.CharField()


class ConsentDocumentOut(serializers.Serializer):
    """A document in force, in the reader's language. Sign it with `text_sha256`."""

    id = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    in_force_from = serializers.DateField()
    text = serializers.CharField()
    text_sha256 = serializers.CharField()
    disclosures = DisclosureOut(many=True)


def shown_document(document: Document, clinic: Clinic) -> dict[str, Any]:
    """A document as this clinic shows it, in the reader's language."""
    rendered: Rendered = render(document, clinic, reader_language())
    return {
        "id": document.id,
        "code": document.code,
        "title": said(document.title),
        "language": rendered.language,
        "in_force_from": document.in_force_from,
        "text": rendered.text,
        "text_sha256": rendered.sha256,
        "disclosures": [
            {"code": code, "text": said(text)} for code, text in document.disclosures.items()
        ],
    }


class SignConsentIn(Shape):
    """A signature: the hash of the text that was read, and the typed name."""

    document = Line(max_length=60)
    text_sha256 = serializers.RegexField("^[0-9a-f]{64}$")
    typed_name = Line(max_length=120)
    disclosures_acknowledged = serializers.ListField(
        child=Code(sorted(DISCLOSURES)), required=False, default=list, max_length=20
    )

    example = {
        "document": "jp_treatment_2026_1",
        "text_sha256": "0" * 64,
        "typed_name": "山田 花子",
    }


class ConsentSignatureOut(StatefulOut):
    """A signature."""

    table = SIGNATURES

    patient = PublicId("pt", source="patient_id", read_only=True)
    document = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    language = serializers.CharField(read_only=True)
    text_sha256 = serializers.CharField(read_only=True)
    typed_name = serializers.CharField(read_only=True)
    disclosures = serializers.ListField(child=serializers.CharField(), read_only=True)
    signed_at = serializers.DateTimeField(read_only=True, help_text="UTC.")
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="UTC.")
    withdrawn_by = serializers.CharField(read_only=True, allow_null=True)


class OneConsentSignatureOut(ConsentSignatureOut):
    """A signature with the text as it was shown."""

    text = serializers.CharField(read_only=True)
