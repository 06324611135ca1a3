"""Around every service: what PostgreSQL refuses whatever the code does."""

import pytest
from django.db import IntegrityError, transaction

from backend.accounts.models import (
    ApiClient,
    Clinic,
    Patient,
    Pharmacy,
    StaffMember,
    TestClock,
    User,
)
from tests.factories.accounts import (
    ApiClientFactory,
    ClinicFactory,
    PatientFactory,
    PharmacyFactory,
    PhysicianFactory,
    StaffMemberFactory,
    TestClockFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def refused(name, act):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    assert caught.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize("role", ["physician", "clinic_staff", "auditor", "clinic_administrator"])
def test_a_patient_profile_needs_a_patients_account(role):
    user = UserFactory(role=role)

    refused("profile_fits_role", lambda: PatientFactory(user=user))


def test_a_staff_profile_needs_an_account_of_staff():
    user = UserFactory(role="patient")

    refused("profile_fits_role", lambda: StaffMemberFactory(user=user))


def test_a_profile_does_not_move_to_an_account_of_another_role():
    patient, staff = PatientFactory(), StaffMemberFactory()
    free_staff, free_patient = UserFactory(role="auditor"), UserFactory(role="patient")

    refused("profile_fits_role", lambda: _set(Patient, patient, user=free_staff))
    refused("profile_fits_role", lambda: _set(StaffMember, staff, user=free_patient))


def test_a_role_does_not_change_under_a_profile():
    patient, staff = PatientFactory(), StaffMemberFactory()

    refused("profile_fits_role", lambda: _set(User, patient.user, role="physician"))
    refused("profile_fits_role", lambda: _set(User, staff.user, role="patient"))


def test_a_role_changes_among_staff():
    staff = StaffMemberFactory()

    assert _set(User, staff.user, role="clinic_administrator") == 1


def test_an_account_has_one_profile_of_a_kind():
    patient, staff = PatientFactory(), StaffMemberFactory()

    refused("accounts_patient_user_id_key", lambda: PatientFactory(user=patient.user))
    refused("accounts_staffmember_user_id_key", lambda: StaffMemberFactory(user=staff.user))


def test_an_address_is_one_accounts_in_whatever_case():
    user = UserFactory(email="a@example.test")

    refused("user_email_once", lambda: UserFactory(email=user.email))
    refused("user_email_in_lower_case", lambda: UserFactory(email="B@example.test"))


def test_roles_programmes_kinds_languages_and_statuses_are_known_ones():
    clinic, patient, pharmacy = ClinicFactory(), PatientFactory(), PharmacyFactory()
    clock = TestClockFactory()

    refused("user_role_known", lambda: UserFactory(role="root"))
    refused("clinic_programme_known", lambda: _set(Clinic, clinic, programme="xx"))
    refused("patient_language_known", lambda: _set(Patient, patient, language="fr"))
    refused("pharmacy_kind_known", lambda: _set(Pharmacy, pharmacy, kind="kiosk"))
    refused("test_clock_status_known", lambda: _set(TestClock, clock, status="broken"))


def test_an_identity_is_verified_by_somebody_at_some_time_from_a_document():
    patient = PatientFactory()

    refused(
        "patient_identity_verified_together",
        lambda: _set(Patient, patient, identity_verified_by=None),
    )
    refused(
        "patient_identity_verified_by_document",
        lambda: _set(Patient, patient, identity_document=""),
    )


def test_a_licence_that_was_checked_has_a_number():
    physician = PhysicianFactory()

    refused(
        "staff_licence_verified_has_number",
        lambda: _set(StaffMember, physician, licence_number=""),
    )


def test_a_clock_has_a_target_exactly_while_it_is_advancing():
    clock = TestClockFactory()

    refused("test_clock_target_while_advancing", lambda: _set(TestClock, clock, status="advancing"))
    refused(
        "test_clock_target_while_advancing",
        lambda: _set(TestClock, clock, target_at=clock.frozen_at),
    )


def test_a_target_does_not_lie_behind():
    clock = TestClockFactory()

    refused(
        "test_clock_target_not_behind",
        lambda: _set(
            TestClock, clock, status="advancing", target_at=clock.frozen_at.replace(year=2025)
        ),
    )


def test_a_patient_lives_on_a_clock_of_the_own_clinic():
    foreign, patient = TestClockFactory(), PatientFactory()

    refused("patient_clock_of_clinic", lambda: PatientFactory(test_clock=foreign))
    refused("patient_keeps_clock", lambda: _set(Patient, patient, test_clock=foreign))


def test_a_patient_never_leaves_a_test_clock():
    patient = PatientFactory(on_clock=True)
    other = TestClockFactory(clinic=patient.clinic)

    refused("patient_keeps_clock", lambda: _set(Patient, patient, test_clock=other))
    refused("patient_keeps_clock", lambda: _set(Patient, patient, test_clock=None))


def test_a_patient_of_the_real_time_is_put_on_no_clock_to_end_a_period():
    patient = PatientFactory()
    future = TestClockFactory(clinic=patient.clinic)

    refused("patient_keeps_clock", lambda: _set(Patient, patient, test_clock=future))


def test_a_prefix_finds_one_key():
    client = ApiClientFactory()

    refused(
        "accounts_apiclient_key_prefix_key",
        lambda: ApiClientFactory(key_prefix=client.key_prefix),
    )


def test_who_is_pointed_at_stays():
    client = ApiClientFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Pharmacy.objects.filter(id=client.pharmacy_id)._raw_delete("default")
        _check_now()
    assert ApiClient.objects.filter(id=client.id).exists()


def _check_now():
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _set(model, row, **values):
    return model.objects.filter(pk=row.pk).update(**values)
