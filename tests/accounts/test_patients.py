import pytest
import time_machine

from backend.accounts.models import Patient
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.accounts.schemas import fits_its_schema
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    ClinicFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
    TestClockFactory,
    UserFactory,
)
from tests.factories.care import at_work

pytestmark = pytest.mark.django_db


def profile(at_clinic, **changes):
    return {
        "clinic": at_clinic.ref,
        "name": "山田 花子",
        "name_kana": "ヤマダ ハナコ",
        "birth_on": "2001-06-15",
        "zone": "Asia/Tokyo",
        **changes,
    }


def test_registering_makes_an_unverified_patient_records_and_announces():
    clinic, user = ClinicFactory(), UserFactory()

    answer = Caller(user).post("/v1/patients", profile(clinic))

    patient = Patient.objects.get()
    event = OutboxEvent.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"/v1/patients/{patient.ref}"
    assert (answer.json()["status"], answer.json()["test_clock"]) == ("unverified", None)
    assert answer.json()["available_actions"] == ["update_contact"]
    assert AuditEntry.objects.get().patient_ref == patient.ref
    assert event.payload == {"patient_id": patient.ref, "clinic_id": clinic.ref}
    assert fits_its_schema(event)


def test_an_account_has_one_profile():
    patient = PatientFactory()

    answer = Caller(patient).post("/v1/patients", profile(patient.clinic))

    assert (answer.status_code, answer.json()["code"]) == (409, "profile_exists")


@pytest.mark.parametrize("member", [PhysicianFactory, AdministratorFactory, AuditorFactory])
def test_staff_do_not_register_as_patients(member):
    somebody = member()

    answer = Caller(somebody).post("/v1/patients", profile(somebody.clinic))

    assert answer.status_code == 403


@time_machine.travel("2026-11-22T15:00:00Z", tick=False)  # midnight in Tokyo
def test_nobody_is_born_tomorrow_but_somebody_may_be_born_today():
    clinic = ClinicFactory()

    today = Caller(UserFactory()).post("/v1/patients", profile(clinic, birth_on="2026-11-23"))
    tomorrow = Caller(UserFactory()).post("/v1/patients", profile(clinic, birth_on="2026-11-24"))

    assert today.status_code == 201
    assert (tomorrow.status_code, tomorrow.json()["code"]) == (422, "birth_in_future")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Tokyo"),
        ("language", "fr"),
        ("telephone", "call me"),
        ("telephone", "090-0000-0000-0000-00"),
        ("birth_on", "2001-02-30"),
        ("name", "\u202eabc"),
        ("name", ""),
        ("clinic", "cl_01jq0000000000000000000000"),
        ("clinic", "pt_01jq0000000000000000000000"),
        ("test_clock", "clk_01jq0000000000000000000000"),
        ("role", "physician"),
    ],
)
def test_a_profile_that_is_not_well_formed_is_refused_where_it_is_wrong(field, value):
    answer = Caller(UserFactory()).post("/v1/patients", profile(ClinicFactory(), **{field: value}))

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {f"/{field}"}


def test_a_patient_may_live_on_a_test_clock_of_the_clinic():
    clock = TestClockFactory()

    answer = Caller(UserFactory()).post("/v1/patients", profile(clock.clinic, test_clock=clock.ref))

    assert answer.json()["test_clock"] == clock.ref
    assert answer.json()["created_at"] == "2026-03-10T03:00:00Z"


def test_a_clock_of_another_clinic_looks_like_none():
    answer = Caller(UserFactory()).post(
        "/v1/patients", profile(ClinicFactory(), test_clock=TestClockFactory().ref)
    )

    assert answer.json()["errors"][0]["pointer"] == "/test_clock"


def test_outside_a_sandbox_no_patient_lives_on_a_test_clock(settings):
    settings.SANDBOX = False
    clock = TestClockFactory()

    answer = Caller(UserFactory()).post("/v1/patients", profile(clock.clinic, test_clock=clock.ref))

    assert (answer.status_code, answer.json()["code"]) == (403, "sandbox_only")


@pytest.mark.parametrize("role", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_the_clinics_people_see_its_patients_and_no_others(role):
    ours, theirs = PatientFactory(), PatientFactory()
    somebody = Caller(at_work(role(clinic=ours.clinic), ours))

    listed = somebody.get("/v1/patients").json()["data"]

    assert [row["id"] for row in listed] == [ours.ref]
    assert somebody.get(f"/v1/patients/{ours.ref}").status_code == 200
    assert somebody.get(f"/v1/patients/{theirs.ref}").status_code == 404


def test_a_foreign_patient_looks_exactly_like_none():
    staff, foreign = Caller(StaffMemberFactory()), PatientFactory()

    answers = [
        staff.get(f"/v1/patients/{ref}").json()
        for ref in (foreign.ref, "pt_01jq0000000000000000000000")
    ]

    for body in answers:
        body.pop("instance"), body.pop("request_id")
    assert answers[0] == answers[1]


@pytest.mark.parametrize("caller", [AdministratorFactory, ApiClientFactory])
def test_who_sees_no_clinical_content_sees_no_patients(caller):
    patient = PatientFactory()
    somebody = Caller(caller())

    assert somebody.get("/v1/patients").status_code == 403
    assert somebody.get(f"/v1/patients/{patient.ref}").status_code == 403


def test_a_patient_reads_the_own_row_only():
    own, other = PatientFactory(), PatientFactory()

    me = Caller(own)

    assert me.get(f"/v1/patients/{own.ref}").status_code == 200
    assert me.get(f"/v1/patients/{other.ref}").status_code == 404
    assert me.get("/v1/patients").status_code == 403


def test_patients_are_filtered_by_status_name_and_clock():
    clinic = ClinicFactory()
    plain = PatientFactory(clinic=clinic, name_kana="スズキ イチロウ")
    new = PatientFactory(clinic=clinic, unverified=True)
    timed = PatientFactory(clinic=clinic, on_clock=True)
    staff = Caller(StaffMemberFactory(clinic=clinic))

    def found(**filters):
        return {row["id"] for row in staff.get("/v1/patients", **filters).json()["data"]}

    assert found(status="unverified") == {new.ref}
    assert found(status="verified") == {plain.ref, timed.ref}
    assert found(name_kana="スズキ") == {plain.ref}
    assert found(test_clock=timed.test_clock.ref) == {timed.ref}
    assert staff.get("/v1/patients", status="maybe").status_code == 400


def test_a_list_takes_the_same_number_of_queries_for_one_and_for_many(
    django_assert_num_queries,
):
    clinic = ClinicFactory()
    staff = Caller(StaffMemberFactory(clinic=clinic))
    PatientFactory(clinic=clinic, on_clock=True)
    staff.get("/v1/patients")

    with django_assert_num_queries(4):  # savepoint, rows, entries, release
        staff.get("/v1/patients")
    PatientFactory.create_batch(5, clinic=clinic, on_clock=True)
    with django_assert_num_queries(4):
        staff.get("/v1/patients")


def test_each_patient_on_a_page_gets_an_entry():
    clinic = ClinicFactory()
    patients = PatientFactory.create_batch(3, clinic=clinic)

    Caller(StaffMemberFactory(clinic=clinic)).get("/v1/patients")

    entries = AuditEntry.objects.filter(action="patient.list")
    assert {entry.patient_ref for entry in entries} == {p.ref for p in patients}


def test_staff_verify_an_identity_once():
    patient = PatientFactory(unverified=True)
    member = StaffMemberFactory(clinic=patient.clinic)
    path = f"/v1/patients/{patient.ref}/verify_identity"

    first = Caller(member).post(path, {"document": "passport"}, version=1)
    again = Caller(member).post(path, {"document": "passport"}, version=2)

    patient.refresh_from_db()
    event = OutboxEvent.objects.get()
    assert first.json()["status"] == "verified"
    assert patient.identity_verified_by == member.user
    assert fits_its_schema(event)
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_from_here")


def test_an_identity_is_verified_in_the_time_in_which_the_patient_lives():
    patient = PatientFactory(unverified=True, on_clock=True)

    answer = Caller(StaffMemberFactory(clinic=patient.clinic)).post(
        f"/v1/patients/{patient.ref}/verify_identity", {"document": "passport"}, version=1
    )

    assert answer.json()["identity_verified_at"] == "2026-03-10T03:00:00Z"


def test_a_document_that_is_not_on_the_list_is_refused():
    patient = PatientFactory(unverified=True)

    answer = Caller(StaffMemberFactory(clinic=patient.clinic)).post(
        f"/v1/patients/{patient.ref}/verify_identity", {"document": "library_card"}, version=1
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(("version", "status"), [(1, 200), (2, 412), (None, 428)])
def test_a_change_names_the_version_that_was_read(version, status):
    patient = PatientFactory()

    answer = Caller(patient).post(
        f"/v1/patients/{patient.ref}/update_contact", {"language": "en"}, version=version
    )

    assert answer.status_code == status


def test_a_patient_moves_and_the_entry_says_what_changed_but_not_to_what():
    patient = PatientFactory()

    answer = Caller(StaffMemberFactory(clinic=patient.clinic)).post(
        f"/v1/patients/{patient.ref}/update_contact",
        {"zone": "Europe/London", "language": "ja", "telephone": "+44-20-0000"},
        version=1,
    )

    entry = AuditEntry.objects.get()
    assert (answer.json()["zone"], answer.json()["version"]) == ("Europe/London", 2)
    assert entry.facts == {"fields": ["telephone", "zone"]}
    assert fits_its_schema(OutboxEvent.objects.get())


def test_a_change_of_nothing_is_refused():
    patient = PatientFactory()

    answer = Caller(patient).post(f"/v1/patients/{patient.ref}/update_contact", {}, version=1)

    assert answer.json()["errors"][0]["code"] == "nothing_to_change"


def test_the_same_key_registers_once():
    clinic, caller = ClinicFactory(), Caller(UserFactory())

    answers = [caller.post("/v1/patients", profile(clinic), key="once") for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert Patient.objects.count() == 1
