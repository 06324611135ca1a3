import pytest

from backend.accounts.models import StaffMember, User
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.accounts.schemas import fits_its_schema
from tests.accounts.test_sign_up import BROKEN_MAIL
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    ClinicFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)

pytestmark = pytest.mark.django_db
PHYSICIAN = {
    "email": "Sato@Clinic.Example",
    "role": "physician",
    "name": "佐藤 一郎",
    "licence_number": "123456",
}


def test_inviting_makes_an_account_without_a_password_and_writes_to_it(mailoutbox):
    admin = AdministratorFactory()

    answer = Caller(admin, language="ja").post("/v1/staff_members", PHYSICIAN)

    user = User.objects.get(email="sato@clinic.example")
    assert answer.status_code == 201
    assert (user.role, user.has_usable_password()) == ("physician", False)
    assert user.staff_member.clinic == admin.clinic
    assert [m.to for m in mailoutbox] == [["sato@clinic.example"]]
    assert admin.clinic.name in mailoutbox[0].body
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "user.open_account",
        "staff_member.invite",
    }


def test_an_invitation_that_cannot_be_mailed_did_not_happen(settings):
    settings.EMAIL_BACKEND = BROKEN_MAIL

    answer = Caller(AdministratorFactory()).post("/v1/staff_members", PHYSICIAN)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert not User.objects.filter(email="sato@clinic.example").exists()


def test_an_address_is_one_persons():
    taken = PatientFactory()

    answer = Caller(AdministratorFactory()).post(
        "/v1/staff_members", {**PHYSICIAN, "email": taken.user.email.upper()}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "asked",
    [
        {"role": "physician"},
        {"role": "clinic_staff", "licence_verified_on": "2026-01-01"},
    ],
)
def test_a_physician_and_a_checked_licence_have_a_number(asked):
    answer = Caller(AdministratorFactory()).post(
        "/v1/staff_members", {"email": "sato@clinic.example", "name": "佐藤 一郎", **asked}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "licence_number_required")


@pytest.mark.parametrize("role", ["patient", "pharmacy_client", "job", "root"])
def test_only_staff_are_invited(role):
    answer = Caller(AdministratorFactory()).post("/v1/staff_members", {**PHYSICIAN, "role": role})

    assert answer.status_code == 400


@pytest.mark.parametrize("role", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_only_an_administrator_invites(role):
    answer = Caller(role()).post("/v1/staff_members", PHYSICIAN)

    assert answer.status_code == 403


def test_inviting_needs_a_fresh_proof():
    answer = Caller(AdministratorFactory(), fresh=False).post("/v1/staff_members", PHYSICIAN)

    assert answer.json()["code"] == "reauthentication_required"


def test_administrator_and_auditor_see_their_clinics_staff_only():
    admin, foreign = AdministratorFactory(), StaffMemberFactory()
    auditor = AuditorFactory(clinic=admin.clinic)

    for reader in (admin, auditor):
        rows = Caller(reader).get("/v1/staff_members").json()["data"]
        assert {row["id"] for row in rows} == {admin.ref, auditor.ref}
        assert Caller(reader).get(f"/v1/staff_members/{foreign.ref}").status_code == 404


def test_staff_are_filtered_by_role():
    admin = AdministratorFactory()
    physician = PhysicianFactory(clinic=admin.clinic)

    rows = Caller(admin).get("/v1/staff_members", role="physician").json()["data"]

    assert [row["id"] for row in rows] == [physician.ref]


def test_a_list_of_staff_takes_the_same_number_of_queries_for_one_and_for_many(
    django_assert_num_queries,
):
    admin = AdministratorFactory()
    caller = Caller(admin)
    caller.get("/v1/staff_members")

    with django_assert_num_queries(4):
        caller.get("/v1/staff_members")
    StaffMemberFactory.create_batch(5, clinic=admin.clinic)
    with django_assert_num_queries(4):
        caller.get("/v1/staff_members")


def test_an_invitation_is_sent_again_until_it_was_followed(mailoutbox):
    admin = AdministratorFactory()
    member = StaffMemberFactory(clinic=admin.clinic)
    path = f"/v1/staff_members/{member.ref}/send_invitation"

    sent = Caller(admin).post(path, version=1)
    member.user.set_password("correct horse battery")
    member.user.save()
    late = Caller(admin).post(path, version=1)

    assert (sent.status_code, len(mailoutbox)) == (200, 1)
    assert (late.status_code, late.json()["code"]) == (409, "invitation_accepted")


def test_an_administrator_notes_a_licence_that_was_seen():
    admin = AdministratorFactory()
    physician = PhysicianFactory(clinic=admin.clinic, licence_verified_on=None)

    answer = Caller(admin).post(
        f"/v1/staff_members/{physician.ref}/update_credentials",
        {"licence_verified_on": "2026-03-01", "is_senior": True},
        version=1,
    )

    assert answer.json()["licence_verified_on"] == "2026-03-01"
    assert AuditEntry.objects.get().facts == {"fields": ["is_senior", "licence_verified_on"]}


def test_a_physician_keeps_a_licence_number():
    admin = AdministratorFactory()
    physician = PhysicianFactory(clinic=admin.clinic)

    answer = Caller(admin).post(
        f"/v1/staff_members/{physician.ref}/update_credentials",
        {"licence_number": " "},
        version=1,
    )

    assert answer.status_code in {400, 422}
    assert StaffMember.objects.get(id=physician.id).licence_number == "123456"


def test_who_leaves_cannot_act_any_more_and_it_is_announced():
    admin = AdministratorFactory()
    member = StaffMemberFactory(clinic=admin.clinic)

    answer = Caller(admin).post(f"/v1/staff_members/{member.ref}/deactivate", version=1)

    event = OutboxEvent.objects.get()
    assert (answer.json()["status"], answer.json()["available_actions"]) == ("deactivated", [])
    assert not User.objects.get(id=member.user_id).is_active
    assert event.payload == {"staff_member_id": member.ref, "clinic_id": admin.clinic.ref}
    assert fits_its_schema(event)


def test_nobody_deactivates_the_own_account():
    admin = AdministratorFactory()

    answer = Caller(admin).post(f"/v1/staff_members/{admin.ref}/deactivate", version=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_yourself")


def test_a_patient_sees_the_clinics_physicians_and_their_licences_without_dates():
    patient = PatientFactory()
    physician = PhysicianFactory(clinic=patient.clinic)
    StaffMemberFactory(clinic=patient.clinic)
    foreign = PhysicianFactory()

    rows = Caller(patient).get("/v1/physicians").json()["data"]
    one = Caller(patient).get(f"/v1/physicians/{physician.ref}").json()

    assert rows == [one]
    assert one == {
        "id": physician.ref,
        "version": 1,
        "clinic": patient.clinic.ref,
        "name": "佐藤 医師",
        "name_kana": "",
        "licence_number": "123456",
        "licence_verified": True,
        "is_retinoid_expert": True,
    }
    assert Caller(patient).get(f"/v1/physicians/{foreign.ref}").status_code == 404


def test_a_physician_who_left_is_not_shown():
    clinic = ClinicFactory()
    PhysicianFactory(clinic=clinic, deactivated_at="2026-01-01T00:00:00Z")

    rows = Caller(PatientFactory(clinic=clinic)).get("/v1/physicians").json()["data"]

    assert rows == []
