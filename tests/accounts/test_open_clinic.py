from datetime import UTC, datetime

import pytest

from backend.accounts.errors import EmailTaken
from backend.accounts.models import Clinic
from backend.accounts.services.open_clinic import open_clinic
from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from tests.accounts.person import PASSWORD, Person
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
CLINIC = {
    "name": "さくら皮膚科オンライン",
    "name_en": "Sakura Dermatology Online",
    "programme": "jp",
    "zone": "Asia/Tokyo",
    "telephone": "03-0000-0000",
    "administrator_email": "admin@clinic.example",
    "administrator_name": "管理 三郎",
    "by": job("operator"),
    "at": datetime(2026, 3, 1, tzinfo=UTC),
}


def test_a_clinic_opens_with_an_administrator_who_can_sign_in_and_invite():
    member = open_clinic(**CLINIC, password=PASSWORD)
    person = Person("admin@clinic.example")

    entered = person.sign_in()
    invited = person.post(
        "/v1/staff_members",
        {"email": "new@clinic.example", "role": "clinic_staff", "name": "受付 一郎"},
    )

    assert entered.status_code == 200
    assert person.get("/v1/me").json()["clinic"] == member.clinic.ref
    assert invited.status_code == 201


def test_without_a_password_the_administrator_sets_one_by_mailed_code():
    open_clinic(**CLINIC)
    person = Person("admin@clinic.example")

    person.ask_for_reset()
    person.reset(person.mailed_code(), PASSWORD)

    assert Person("admin@clinic.example").sign_in().status_code == 200


def test_opening_leaves_an_entry_for_the_clinic_the_account_and_the_member():
    open_clinic(**CLINIC)

    actions = set(AuditEntry.objects.values_list("action", "actor"))
    assert actions == {
        ("clinic.open", "job:operator"),
        ("user.open_account", "job:operator"),
        ("staff_member.invite", "job:operator"),
    }


def test_with_an_address_that_is_taken_no_clinic_opens():
    UserFactory(email="admin@clinic.example")

    with pytest.raises(EmailTaken):
        open_clinic(**CLINIC)
    assert not Clinic.objects.exists()
