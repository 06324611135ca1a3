"""What the lists may be narrowed by."""

import django_filters as filters

from backend.api.filters import IdFilter, ListFilters
from backend.formulary.rules import LotStatus, ProductCode


class ProductFilters(ListFilters):
    """Products by kind."""

    code = filters.ChoiceFilter(choices=[(str(code), str(code)) for code in ProductCode])


class LotFilters(ListFilters):
    """Lots by product and status."""

    product = IdFilter("prd", field_name="product_id")
    status = filters.ChoiceFilter(choices=[(str(status), str(status)) for status in LotStatus])
