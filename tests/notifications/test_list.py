"""Who may read the delivery evidence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.care import at_work
from tests.factories.notifications import NotificationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("factory", [StaffMemberFactory, PhysicianFactory, AuditorFactory])
def test_the_clinic_sees_its_own_notices(factory):
    notice = NotificationFactory(sent=True)
    NotificationFactory()

    reader = at_work(factory(clinic=notice.patient.clinic), notice.patient)

    answer = Caller(reader).get("/v1/notifications")

    (shown,) = answer.json()["data"]
    assert (shown["id"], shown["status"], shown["attempts"]) == (notice.ref, "sent", 1)
    assert shown["provider_ref"] == "<a@suhada.example>"
    assert not {"body", "subject", "to", "email"} & set(shown)


def test_a_patient_sees_only_her_own():
    mine, foreign = NotificationFactory(), NotificationFactory()
    me = Caller(mine.patient)

    listed = me.get("/v1/notifications").json()["data"]

    assert [row["id"] for row in listed] == [mine.ref]
    assert me.get(f"/v1/notifications/{mine.ref}").status_code == 200
    assert me.get(f"/v1/notifications/{foreign.ref}").status_code == 404


@pytest.mark.parametrize("factory", [AdministratorFactory, ApiClientFactory])
def test_others_may_not_look(factory):
    assert Caller(factory()).get("/v1/notifications").status_code == 403


def test_the_list_is_filtered_by_patient_and_status():
    staff = StaffMemberFactory()
    mine = PatientFactory(clinic=staff.clinic)
    waiting = NotificationFactory(patient=mine)
    NotificationFactory(patient=mine, sent=True)
    NotificationFactory(patient__clinic=staff.clinic)

    answer = Caller(staff).get("/v1/notifications", patient=mine.ref, status="queued")

    assert [row["id"] for row in answer.json()["data"]] == [waiting.ref]


def test_a_status_that_does_not_exist_is_refused():
    assert Caller(StaffMemberFactory()).get("/v1/notifications", status="lost").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_list():
    staff = StaffMemberFactory()
    NotificationFactory(patient__clinic=staff.clinic)
    Caller(staff).get("/v1/notifications")
    with CaptureQueriesContext(connection) as few:
        Caller(staff).get("/v1/notifications")
    NotificationFactory.create_batch(9, patient__clinic=staff.clinic)

    with CaptureQueriesContext(connection) as many:
        Caller(staff).get("/v1/notifications")

    assert len(few) == len(many)
