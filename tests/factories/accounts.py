"""People and organisations. The defaults are lawful; a trait is a real situation."""

from datetime import UTC, date, datetime

import factory
from django.db import transaction

from backend.accounts.keys import key_hash
from backend.accounts.models import (
    ApiClient,
    Clinic,
    Patient,
    Pharmacy,
    StaffMember,
    TestClock,
    User,
)
from backend.audit.keys import ciphers_of, remember

LONG_AGO = datetime(2025, 12, 1, tzinfo=UTC)


class ClinicFactory(factory.django.DjangoModelFactory):
    """A self-pay clinic in Tokyo."""

    class Meta:
        model = Clinic

    name = "さくら皮膚科オンライン"
    name_en = "Sakura Dermatology Online"
    programme = "jp"
    zone = "Asia/Tokyo"
    telephone = "03-0000-0000"
    created_at = LONG_AGO


class UserFactory(factory.django.DjangoModelFactory):
    """An account without a password: tests sign in by other means."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.test")
    password = "!"
    created_at = LONG_AGO


class TestClockFactory(factory.django.DjangoModelFactory):
    """A ready clock."""

    __test__ = False  # not a test class

    class Meta:
        model = TestClock

    clinic = factory.SubFactory(ClinicFactory)
    name = "test"
    frozen_at = datetime(2026, 3, 10, 3, tzinfo=UTC)


class PatientFactory(factory.django.DjangoModelFactory):
    """A woman of 24 in Tokyo whose identity is verified; invented."""

    class Meta:
        model = Patient

    user = factory.SubFactory(UserFactory, role="patient")
    clinic = factory.SubFactory(ClinicFactory)
    name = "山田 花子"
    name_kana = "ヤマダ ハナコ"
    birth_on = date(2001, 6, 15)
    zone = "Asia/Tokyo"
    identity_verified_at = LONG_AGO
    identity_verified_by = factory.SubFactory(UserFactory, role="clinic_staff")
    identity_document = "my_number_card"
    created_at = LONG_AGO

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """Registering leaves an entry, so every patient has a key, and a busy process knows it."""
        patient = super()._create(model_class, *args, **kwargs)
        with transaction.atomic():
            remember(ciphers_of([patient.ref])[patient.ref])
        return patient

    class Params:
        unverified = factory.Trait(
            identity_verified_at=None, identity_verified_by=None, identity_document=""
        )
        on_clock = factory.Trait(
            test_clock=factory.SubFactory(
                TestClockFactory, clinic=factory.SelfAttribute("..clinic")
            )
        )


class StaffMemberFactory(factory.django.DjangoModelFactory):
    """Clinic staff."""

    class Meta:
        model = StaffMember

    user = factory.SubFactory(UserFactory, role="clinic_staff")
    clinic = factory.SubFactory(ClinicFactory)
    name = "受付 一郎"
    created_at = LONG_AGO


class PhysicianFactory(StaffMemberFactory):
    """A licensed, trained physician who knows retinoids."""

    user = factory.SubFactory(UserFactory, role="physician")
    name = "佐藤 医師"
    licence_number = "123456"
    licence_verified_on = date(2025, 12, 1)
    online_training_on = date(2025, 11, 1)
    is_retinoid_expert = True

    class Params:
        senior = factory.Trait(is_senior=True)


class AuditorFactory(StaffMemberFactory):
    """An auditor."""

    user = factory.SubFactory(UserFactory, role="auditor")
    name = "監査 次郎"


class AdministratorFactory(StaffMemberFactory):
    """A clinic administrator."""

    user = factory.SubFactory(UserFactory, role="clinic_administrator")
    name = "管理 三郎"


class PharmacyFactory(factory.django.DjangoModelFactory):
    """The clinic's own dispensary."""

    class Meta:
        model = Pharmacy

    clinic = factory.SubFactory(ClinicFactory)
    name = "さくら皮膚科 院内薬局"
    kind = "clinic_dispensary"


class ApiClientFactory(factory.django.DjangoModelFactory):
    """A pharmacy's client; its key is `rx_test_<prefix>_secret`."""

    class Meta:
        model = ApiClient

    pharmacy = factory.SubFactory(PharmacyFactory)
    name = "dispensing software"
    key_prefix = factory.Sequence(lambda n: f"k{n:07d}")
    key_hash = factory.LazyAttribute(lambda o: key_hash(f"rx_test_{o.key_prefix}_secret"))
    created_at = LONG_AGO
