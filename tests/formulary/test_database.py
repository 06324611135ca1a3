"""What PostgreSQL refuses, whatever the code does."""

import pytest
from django.db import IntegrityError

from backend.formulary.models import Lot, Product
from tests.factories.formulary import LotFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("product_code_known", {"code": "generic"}),
        ("product_approval_known", {"approval": "pending"}),
        ("product_strength_in_range", {"strength_mg": 0}),
        ("product_strength_in_range", {"strength_mg": 41}),
        ("product_gtin_14_digits", {"gtin": "123"}),
    ],
)
def test_a_product_keeps_its_bounds(constraint, change):
    product = ProductFactory()

    with pytest.raises(IntegrityError, match=constraint):
        Product.objects.filter(id=product.id).update(**change)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("lot_status_known", {"status": "lost"}),
        ("lot_recalled_at_when_recalled", {"status": "recalled"}),
        ("lot_recalled_with_at_and_reason", {"recall_reason": "why"}),
    ],
)
def test_a_lot_keeps_its_states(constraint, change):
    lot = LotFactory()

    with pytest.raises(IntegrityError, match=constraint):
        Lot.objects.filter(id=lot.id).update(**change)


def test_a_product_stands_once_in_a_clinic():
    product = ProductFactory(gtin="07680453070343")

    with pytest.raises(IntegrityError, match="product_gtin_once"):
        ProductFactory(clinic=product.clinic, gtin="07680453070343")


def test_a_name_of_one_strength_stands_once_in_a_clinic():
    product = ProductFactory()

    with pytest.raises(IntegrityError, match="product_name_once"):
        ProductFactory(clinic=product.clinic, name=product.name)


def test_a_lot_number_stands_once_per_product():
    lot = LotFactory()

    with pytest.raises(IntegrityError, match="lot_number_once"):
        LotFactory(product=lot.product, number=lot.number)
