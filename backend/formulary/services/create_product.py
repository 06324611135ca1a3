"""Take a product into the formulary."""

from datetime import datetime
from typing import Any

from backend.audit.record import record
from backend.db import refused_by, service
from backend.formulary.errors import ProductExists
from backend.formulary.models import Product
from backend.formulary.rules import PRODUCTS
from backend.kernel.actor import Actor
from backend.kernel.errors import Forbidden


@service
def create_product(*, content: dict[str, Any], by: Actor, at: datetime) -> Product:
    """Add a product to the actor's clinic.

    `content`: name, strength_mg (mg per capsule), code, soya_oil, gtin, approval.
    Raises ProductExists (409), Forbidden (403) for somebody without a clinic.
    """
    if by.clinic_id is None:
        raise Forbidden()
    product = Product(clinic_id=by.clinic_id, created_at=at, **content)
    with refused_by({"product_gtin_once": ProductExists, "product_name_once": ProductExists}):
        product.save(force_insert=True)
    facts = {"code": product.code, "strength_mg": str(product.strength_mg)}
    record(PRODUCTS["create"].action, on=product, by=by, at=at, facts=facts)
    return product
