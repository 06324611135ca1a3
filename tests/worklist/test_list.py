import pytest

from tests.callers import Caller
from tests.factories.accounts import (
    AuditorFactory,
    ClinicFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.worklist import TaskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def patient(clinic):
    return PatientFactory(clinic=clinic)


def refs(answer):
    return [row["id"] for row in answer.json()["data"]]


def test_the_list_shows_urgent_first_and_pages_in_that_order(clinic, patient):
    normal = TaskFactory(patient=patient)
    urgent = TaskFactory(patient=patient, urgent=True)
    later = TaskFactory(patient=patient)
    caller = Caller(PhysicianFactory(clinic=clinic))

    first = caller.get("/v1/tasks", limit=2)
    second = caller.get("/v1/tasks", limit=2, cursor=first.json()["next_cursor"])

    assert refs(first) == [urgent.ref, normal.ref]
    assert refs(second) == [later.ref]


@pytest.mark.parametrize("factory", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_people_of_another_clinic_see_nothing(factory, patient):
    task = TaskFactory(patient=patient)
    stranger = Caller(factory())

    assert refs(stranger.get("/v1/tasks")) == []
    assert stranger.get(f"/v1/tasks/{task.ref}").status_code == 404


def test_a_patient_has_no_worklist(patient):
    task = TaskFactory(patient=patient)

    assert Caller(patient).get("/v1/tasks").status_code == 403
    assert Caller(patient).get(f"/v1/tasks/{task.ref}").status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "done"), ("priority", "urgent"), ("kind", "contact_patient"), ("patient", None)],
)
def test_each_filter_picks_its_own(clinic, patient, name, value):
    TaskFactory(patient=patient)
    other = PatientFactory(clinic=clinic)
    picked = {
        "status": {"done": True},
        "priority": {"urgent": True},
        "kind": {"kind": "contact_patient"},
        "patient": {},
    }
    wanted = TaskFactory(patient=other, **picked[name])

    answer = Caller(AuditorFactory(clinic=clinic)).get("/v1/tasks", **{name: value or other.ref})

    assert refs(answer) == [wanted.ref]


@pytest.mark.parametrize("query", [{"status": "lost"}, {"patient": "pt_1"}, {"color": "red"}])
def test_a_filter_that_means_nothing_is_refused(clinic, query):
    answer = Caller(PhysicianFactory(clinic=clinic)).get("/v1/tasks", **query)

    assert answer.status_code == 400


def test_the_number_of_queries_does_not_grow(clinic, django_assert_max_num_queries):
    caller = Caller(PhysicianFactory(clinic=clinic))
    for _ in range(12):
        TaskFactory(patient=PatientFactory(clinic=clinic), urgent=True)

    with django_assert_max_num_queries(6):
        assert len(refs(caller.get("/v1/tasks"))) == 12
