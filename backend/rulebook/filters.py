"""What the lists may be narrowed by."""

import django_filters as filters
from django.db.models import QuerySet

from backend.api.filters import ListFilters
from backend.rulebook.models import PackActivation
from backend.rulebook.rules import ActivationStatus


class RulePackFilters(ListFilters):
    """Nothing to choose."""


class ActivationFilters(ListFilters):
    """Activations by pack and status."""

    pack = filters.CharFilter(max_length=60)
    status = filters.ChoiceFilter(
        choices=[(str(status), str(status)) for status in ActivationStatus], method="of_status"
    )

    def of_status(
        self, rows: QuerySet[PackActivation], _name: str, value: str
    ) -> QuerySet[PackActivation]:
        """Standing: not withdrawn."""
        return rows.filter(withdrawn_at__isnull=value == ActivationStatus.STANDING)
