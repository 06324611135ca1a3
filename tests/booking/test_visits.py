import pytest

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.booking import SLOT, VisitFactory
from tests.factories.care import at_work

pytestmark = pytest.mark.django_db


def refs(answer):
    return [visit["id"] for visit in answer.json()["data"]]


def test_a_patient_sees_the_own_visits_only(place):
    mine = VisitFactory(patient=place.patient, physician=place.physician)
    other = VisitFactory(patient=place.another_patient())
    caller = Caller(place.patient)

    assert refs(caller.get("/v1/visits")) == [mine.ref]
    assert caller.get(f"/v1/visits/{mine.ref}").status_code == 200
    assert caller.get(f"/v1/visits/{other.ref}").status_code == 404


@pytest.mark.parametrize("factory", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_people_of_the_clinic_see_its_visits_and_no_others(place, factory):
    here = VisitFactory(patient=place.patient, physician=place.physician)
    elsewhere = VisitFactory()
    caller = Caller(at_work(factory(clinic=place.patient.clinic), place.patient))

    listed = refs(caller.get("/v1/visits"))
    assert (here.ref in listed, elsewhere.ref in listed) == (True, False)
    assert caller.get(f"/v1/visits/{here.ref}").status_code == 200
    assert caller.get(f"/v1/visits/{elsewhere.ref}").status_code == 404


def test_neither_administrator_nor_pharmacy_sees_visits(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)
    clinic = place.patient.clinic

    for who in (AdministratorFactory(clinic=clinic), ApiClientFactory(pharmacy__clinic=clinic)):
        assert Caller(who).get("/v1/visits").status_code == 403
        assert Caller(who).get(f"/v1/visits/{visit.ref}").status_code == 403


def test_a_physicians_day_is_listed_in_the_order_of_the_day(place):
    later, earlier, tomorrow = (
        VisitFactory(
            physician=place.physician,
            patient=place.another_patient(),
            starts_at=SLOT.replace(day=day, hour=hour),
        )
        for day, hour in ((12, 5), (12, 1), (13, 0))
    )
    VisitFactory(patient=place.patient)
    day = {"starts_from": "2026-03-12T00:00:00Z", "starts_before": "2026-03-13T00:00:00Z"}

    answer = Caller(place.physician).get("/v1/visits", physician=place.physician.ref, **day)

    assert refs(answer) == [earlier.ref, later.ref]
    assert tomorrow.ref not in refs(answer)


@pytest.mark.parametrize("name", ["status", "patient", "physician"])
def test_each_filter_picks_its_own(place, name):
    VisitFactory(patient=place.patient, physician=place.physician)
    wanted = VisitFactory(patient=place.another_patient(), completed=True)
    value = {
        "status": "completed",
        "patient": wanted.patient.ref,
        "physician": wanted.physician.ref,
    }[name]

    answer = Caller(AuditorFactory(clinic=place.patient.clinic)).get("/v1/visits", **{name: value})

    assert refs(answer) == [wanted.ref]


@pytest.mark.parametrize(
    "query",
    [{"status": "lost"}, {"physician": "pt_1"}, {"starts_from": "noon"}, {"order": "id"}],
)
def test_a_filter_that_means_nothing_is_refused(place, query):
    assert Caller(place.physician).get("/v1/visits", **query).status_code == 400


def test_pages_follow_each_other(place):
    visits = [
        VisitFactory(
            patient=place.patient, physician=place.physician, starts_at=SLOT.replace(hour=hour)
        )
        for hour in (3, 1, 2)
    ]
    caller = Caller(place.patient)

    first = caller.get("/v1/visits", limit=2)
    second = caller.get("/v1/visits", limit=2, cursor=first.json()["next_cursor"])

    assert refs(first) + refs(second) == [visits[1].ref, visits[2].ref, visits[0].ref]


def test_what_one_may_do_follows_from_status_and_role(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)
    clinic = place.patient.clinic

    def offered(who):
        return Caller(who).get(f"/v1/visits/{visit.ref}").json()["available_actions"]

    assert offered(place.patient) == ["cancel"]
    assert offered(place.physician) == ["cancel", "start", "mark_no_show"]
    assert offered(StaffMemberFactory(clinic=clinic)) == ["cancel", "mark_no_show"]
    assert offered(AuditorFactory(clinic=clinic)) == []


def test_looking_leaves_an_entry(place):
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    Caller(place.physician).get(f"/v1/visits/{visit.ref}")

    entry = AuditEntry.objects.get(action="visit.read")
    assert (entry.object_ref, entry.patient_ref) == (visit.ref, place.patient.ref)


def test_the_number_of_queries_does_not_grow(place, django_assert_max_num_queries):
    for hour in range(1, 12):
        patient = PatientFactory(clinic=place.patient.clinic)
        VisitFactory(patient=patient, physician=place.physician, starts_at=SLOT.replace(hour=hour))

    with django_assert_max_num_queries(6):
        assert len(refs(Caller(place.physician).get("/v1/visits"))) == 11
