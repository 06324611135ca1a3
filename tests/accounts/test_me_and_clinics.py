import pytest

from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    ClinicFactory,
    PatientFactory,
    PhysicianFactory,
)

pytestmark = pytest.mark.django_db


def test_me_says_who_a_patient_is():
    patient = PatientFactory()

    me = Caller(patient).get("/v1/me").json()

    assert me == {
        "id": patient.user.ref,
        "role": "patient",
        "email": patient.user.email,
        "name": "山田 花子",
        "clinic": patient.clinic.ref,
        "patient": patient.ref,
        "staff_member": None,
        "pharmacy": None,
        "second_factor": False,
    }


def test_me_says_who_a_physician_is():
    physician = PhysicianFactory()

    me = Caller(physician).get("/v1/me").json()

    assert (me["staff_member"], me["name"]) == (physician.ref, "佐藤 医師")
    assert me["patient"] is None


def test_me_says_for_whom_a_client_acts():
    client = ApiClientFactory()

    me = Caller(client).get("/v1/me").json()

    assert (me["role"], me["pharmacy"]) == ("pharmacy_client", client.pharmacy.ref)
    assert (me["email"], me["name"]) == (None, "dispensing software")


def test_nobody_is_nobody():
    answer = Caller().get("/v1/me")

    assert answer.status_code == 401


def test_everybody_who_is_signed_in_sees_the_clinics():
    clinics = {ClinicFactory().ref, ClinicFactory().ref}
    admin = AdministratorFactory()

    answer = Caller(admin).get("/v1/clinics").json()

    assert {row["id"] for row in answer["data"]} == clinics | {admin.clinic.ref}
    assert Caller(admin).get(f"/v1/clinics/{min(clinics)}").status_code == 200


def test_a_pharmacy_client_sees_its_own_clinic_only():
    client, other = ApiClientFactory(), ClinicFactory()

    answer = Caller(client).get("/v1/clinics").json()

    assert [row["id"] for row in answer["data"]] == [client.pharmacy.clinic.ref]
    assert Caller(client).get(f"/v1/clinics/{other.ref}").status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_problem_speaks_the_readers_language(language):
    answer = Caller(PatientFactory(), language=language).get("/v1/staff_members")

    assert answer.status_code == 403
    title = {"ja": "この操作は許可されていません", "en": "This is not permitted"}[language]
    assert answer.json()["title"] == title
