"""Shapes of CDS Hooks: what a client sends, and the cards that it gets."""

import re
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.fields import Code, Line, Shape
from backend.decision_support.cards import INDICATORS, SHORTER_THAN

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class CamelShape(Shape):
    """A body whose keys are written in camelCase, as CDS Hooks has them."""

    def get_fields(self) -> dict[str, Any]:
        """The fields under their published names; what is validated keeps ours."""
        found = {}
        for name, field in super().get_fields().items():
            published = re.sub(r"_([a-z])", lambda letter: letter.group(1).upper(), name)
            field.source = None if published == name else name
            found[published] = field
        return found


@extend_schema_field({"type": "string", "format": "uuid"})
class HookInstance(Line):
    """A UUID in its usual spelling."""

    def to_internal_value(self, data: Any) -> str:
        """The text, or `invalid`."""
        text = super().to_internal_value(data)
        if not _UUID.fullmatch(text):
            self.fail("invalid")
        return text


class OrderContextIn(CamelShape):
    """The context of order-sign."""

    user_id = Line(max_length=200, help_text="Practitioner/stf_…: yourself.")
    patient_id = Line(max_length=200, help_text="pt_…")
    encounter_id = Line(max_length=200, required=False, help_text="Not read.")
    draft_orders = serializers.DictField(
        help_text="A FHIR R4 Bundle. A MedicationRequest is ours by an identifier or id rx_…; "
        "others are passed over. What is assessed is the prescription as it is held here."
    )
    extension = serializers.DictField(required=False, help_text="Not read.")


class SelectedOrderContextIn(OrderContextIn):
    """The context of order-select."""

    selections = serializers.ListField(
        child=Line(max_length=200), max_length=50, help_text="MedicationRequest/…: those selected."
    )


class HookIn(CamelShape):
    """A call of a CDS service."""

    hook_instance = HookInstance(max_length=36)
    fhir_server = Line(max_length=2000, required=False, help_text="Not called.")
    fhir_authorization = serializers.DictField(required=False, help_text="Not used, not kept.")
    prefetch = serializers.DictField(required=False, help_text="Not read: none is asked for.")
    extension = serializers.DictField(required=False, help_text="Not read.")


_CONTEXT = {
    "userId": "Practitioner/stf_01jq0000000000000000000000",
    "patientId": "pt_01jq0000000000000000000000",
    "draftOrders": {
        "resourceType": "Bundle",
        "entry": [
            {
                "resource": {
                    "resourceType": "MedicationRequest",
                    "id": "draft-1",
                    "identifier": [{"value": "rx_01jq0000000000000000000000"}],
                    "status": "draft",
                    "intent": "order",
                    "subject": {"reference": "Patient/pt_01jq0000000000000000000000"},
                }
            }
        ],
    },
}
_INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"


class OrderSignIn(HookIn):
    """The physician is about to sign."""

    hook = Code(["order-sign"])
    context = OrderContextIn()  # type: ignore[assignment]  # a field of this name

    example: ClassVar[dict[str, Any]] = {
        "hook": "order-sign",
        "hookInstance": _INSTANCE,
        "context": _CONTEXT,
    }


class OrderSelectIn(HookIn):
    """The physician has selected orders; only those are assessed."""

    hook = Code(["order-select"])
    context = SelectedOrderContextIn()  # type: ignore[assignment]  # a field of this name

    example: ClassVar[dict[str, Any]] = {
        "hook": "order-select",
        "hookInstance": _INSTANCE,
        "context": {**_CONTEXT, "selections": ["MedicationRequest/draft-1"]},
    }


class CardSourceOut(serializers.Serializer):
    """Where a card comes from."""

    label = serializers.CharField(help_text="The pack, and who must sign it off before use.")  # type: ignore[assignment]
    url = serializers.CharField(help_text="The page of all rules of the pack, for staff.")


class CardOut(serializers.Serializer):
    """One finding. There are no suggestions: nothing here can be accepted with a click."""

    uuid = serializers.UUIDField(help_text="The same for a repeated hookInstance.")
    summary = serializers.CharField(max_length=SHORTER_THAN - 1)
    indicator = serializers.ChoiceField(
        list(dict.fromkeys(INDICATORS.values())),
        help_text="critical refuses the signature; warning is to be acknowledged or signed off.",
    )
    detail = serializers.CharField(help_text="GitHub Flavored Markdown.")
    source = CardSourceOut()  # type: ignore[assignment]  # a field of this name


class CardsOut(serializers.Serializer):
    """The answer of a CDS service. Decision support: the physician decides."""

    cards = CardOut(many=True, help_text="The most severe first; none if no order is ours.")
