"""Activations of rule packs. The defaults are lawful; a trait is a real situation."""

from datetime import UTC, date, datetime

import factory

from backend.protocol.pack import load
from backend.rulebook.models import PackActivation
from backend.rulebook.rules import sign_off_hash
from tests.factories.accounts import AdministratorFactory, ClinicFactory, PhysicianFactory


class PackActivationFactory(factory.django.DjangoModelFactory):
    """A clinic in New York lets the new iPLEDGE pack answer from its first day on."""

    class Meta:
        model = PackActivation

    clinic = factory.SubFactory(ClinicFactory, programme="us", zone="America/New_York")
    pack = "us_ipledge_2026"
    pack_version = factory.LazyAttribute(lambda row: load(row.pack).version)
    in_force_on = date(2026, 8, 8)
    reason = "The new REMS takes effect."
    physician = factory.SubFactory(PhysicianFactory, clinic=factory.SelfAttribute("..clinic"))
    lawyer = "Jane Roe"
    sign_off_sha256 = factory.LazyAttribute(lambda row: sign_off_hash(load(row.pack), "en"))
    activated_by = factory.LazyAttribute(lambda row: AdministratorFactory(clinic=row.clinic).user)
    activated_at = datetime(2026, 7, 1, tzinfo=UTC)

    class Params:
        withdrawn = factory.Trait(
            withdrawn_by=factory.SelfAttribute("activated_by"),
            withdrawn_at=datetime(2026, 9, 1, 12, tzinfo=UTC),
            withdrawal_reason="Put off.",
        )
