"""Reads: who sees which products and lots."""

from django.db.models import QuerySet

from backend.formulary.models import Lot, Product
from backend.formulary.rules import READERS
from backend.kernel.actor import Actor


def products_visible_to(actor: Actor) -> QuerySet[Product]:
    """The products of the actor's clinic, for clinic roles and its pharmacies; else none."""
    if actor.role not in READERS or actor.clinic_id is None:
        return Product.objects.none()
    return Product.objects.filter(clinic_id=actor.clinic_id)


def lots_visible_to(actor: Actor) -> QuerySet[Lot]:
    """The lots of the actor's clinic, for clinic roles and its pharmacies; else none."""
    if actor.role not in READERS or actor.clinic_id is None:
        return Lot.objects.none()
    return Lot.objects.filter(clinic_id=actor.clinic_id).select_related("product", "importer")
