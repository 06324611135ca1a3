"""Products and lots. The defaults are lawful; a trait is a real situation."""

from datetime import UTC, date, datetime

import factory

from backend.formulary.models import Lot, Product
from tests.factories.accounts import LONG_AGO, ClinicFactory, PhysicianFactory


class ProductFactory(factory.django.DjangoModelFactory):
    """A 20 mg capsule with soya oil, not licensed in Japan."""

    class Meta:
        model = Product

    clinic = factory.SubFactory(ClinicFactory)
    name = factory.Sequence(lambda n: f"Isotroin {n}")
    strength_mg = 20
    code = "standard"
    soya_oil = True
    approval = "unapproved"
    created_at = LONG_AGO


class LotFactory(factory.django.DjangoModelFactory):
    """A lot in use, good for years; not imported unless an importer is given."""

    class Meta:
        model = Lot

    product = factory.SubFactory(ProductFactory)
    clinic = factory.SelfAttribute("product.clinic")
    number = factory.Sequence(lambda n: f"A{n:05d}")
    expires_on = date(2028, 12, 31)
    created_at = LONG_AGO

    class Params:
        imported = factory.Trait(
            importer=factory.SubFactory(PhysicianFactory, clinic=factory.SelfAttribute("..clinic"))
        )
        recalled = factory.Trait(
            status="recalled",
            recalled_at=datetime(2026, 3, 1, tzinfo=UTC),
            recall_reason="Recalled by the manufacturer.",
        )
