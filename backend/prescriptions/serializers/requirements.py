"""Requirements as clinicians, auditors and pharmacies are shown them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api.language import reader_language
from backend.kernel.actor import Actor, Role
from backend.kernel.text import Text
from backend.prescriptions.live_requirements import LiveRequirements
from backend.prescriptions.requirements import Fulfilment, RequirementsStatus, Stakeholder


class RequirementOut(serializers.Serializer):
    """One thing that must be so. A field that is not required is shown to the clinic only."""

    hidden: ClassVar[frozenset[str]] = frozenset()

    code = serializers.CharField(help_text="Stable, for example `pregnancy_test`.")
    name = serializers.CharField(help_text="In the reader's language.")
    stakeholder = serializers.ChoiceField(
        list(Stakeholder), help_text="Whose turn it is; of a completed one, whose turn it was."
    )
    completed = serializers.BooleanField()
    rules = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The rules that were asked of it."
    )
    standing = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Those of them that refuse the next step, the most severe first.",
    )
    remedy = serializers.CharField(
        required=False, allow_null=True, help_text="What would fulfil it; null when completed."
    )
    missing = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Facts that are needed and not known.",
    )

    def get_fields(self) -> dict[str, Any]:
        """The fields that this kind of reader is shown."""
        fields = super().get_fields()
        return {name: field for name, field in fields.items() if name not in self.hidden}


class RequirementForPharmacyOut(RequirementOut):
    """What is open and whose turn it is: no rule, no fact, nothing of the patient's answers."""

    hidden = frozenset({"rules", "standing", "remedy", "missing"})


class RequirementsOut(serializers.Serializer):
    """Where a prescription stands before its next step, in the shape of REMS ETASU."""

    one: ClassVar[type[RequirementOut]] = RequirementOut

    prescription = serializers.CharField(source="prescription.ref")
    status = serializers.ChoiceField(
        list(RequirementsStatus),
        help_text="closed: it has come to its end, and nothing is asked of it any more.",
    )
    purpose = serializers.CharField(
        source="assessment.purpose",
        default=None,
        allow_null=True,
        help_text="prescribe before it is approved, dispense after; null when closed.",
    )
    pack = serializers.CharField(source="assessment.pack", default=None, allow_null=True)
    pack_version = serializers.CharField(
        source="assessment.pack_version", default=None, allow_null=True
    )
    requirements = serializers.SerializerMethodField(help_text="In the order of a course.")

    @extend_schema_field(RequirementOut(many=True))
    def get_requirements(self, live: LiveRequirements) -> Any:
        """Each with what the reader may know."""
        return self.one([_shown(live, one) for one in live.fulfilments], many=True).data


class RequirementsForPharmacyOut(RequirementsOut):
    """The same, as far as a pharmacy may know it."""

    one = RequirementForPharmacyOut


def requirements_out_for(actor: Actor) -> type[RequirementsOut]:
    """What this reader is shown."""
    return RequirementsForPharmacyOut if actor.role is Role.PHARMACY_CLIENT else RequirementsOut


def _shown(live: LiveRequirements, one: Fulfilment) -> dict[str, Any]:
    ordered = sorted(one.standing, key=lambda finding: -finding.level.rank)
    return {
        "code": one.requirement.code,
        "name": _said(one.requirement.name),
        "stakeholder": one.stakeholder.value,
        "completed": live.is_completed(one),
        "rules": list(one.rules),
        "standing": list(dict.fromkeys(finding.rule for finding in ordered)),
        "remedy": _said(live.remedy(one)),
        "missing": list(one.missing),
    }


def _said(text: Text | None) -> str | None:
    return text.in_language(reader_language()) if text else None
