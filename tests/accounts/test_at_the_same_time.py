"""Two at once, each with a connection of its own."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from backend.accounts.models import Patient, User
from backend.outbox.models import OutboxEvent
from tests.accounts.person import Person
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    ClinicFactory,
    StaffMemberFactory,
    TestClockFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts, held=None):
    """Each act in a thread; their answers. All of them have begun before `held` is let go."""

    def run(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            if held is not None:
                type(held).objects.select_for_update().get(pk=held.pk)
            answers = [pool.submit(run, act) for act in acts]
            time.sleep(0.5)
        return [answer.result() for answer in answers]


def test_an_account_that_registers_twice_at_once_gets_one_profile():
    clinic, user = ClinicFactory(), UserFactory()
    body = {
        "clinic": clinic.ref,
        "name": "山田 花子",
        "name_kana": "ヤマダ ハナコ",
        "birth_on": "2001-06-15",
        "zone": "Asia/Tokyo",
    }

    answers = at_once(*[lambda: Caller(user).post("/v1/patients", body) for _ in range(4)])

    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    assert Patient.objects.count() == 1


def test_a_clock_that_is_advanced_twice_at_once_gets_one_target():
    frozen = TestClockFactory()
    member = StaffMemberFactory(clinic=frozen.clinic)
    path = f"/v1/test_helpers/test_clocks/{frozen.ref}/advance"

    answers = at_once(
        *[
            lambda day=day: Caller(member).post(path, {"to": f"2026-04-{day}T03:00:00Z"}, version=1)
            for day in (10, 20)
        ],
        held=frozen,
    )

    assert sorted(a.status_code for a in answers) == [200, 409]
    assert OutboxEvent.objects.count() == 1


def test_a_key_that_is_rotated_twice_at_once_has_one_successor():
    client = ApiClientFactory()
    admin = AdministratorFactory(clinic=client.pharmacy.clinic)
    path = f"/v1/api_clients/{client.ref}/rotate"

    answers = at_once(*[lambda: Caller(admin).post(path, version=1) for _ in range(2)], held=client)

    assert sorted(a.status_code for a in answers) == [200, 409]
    assert client.pharmacy.clients.count() == 2


def test_one_address_that_signs_up_twice_at_once_is_one_account_and_never_a_500():
    people = [Person("twice@example.test") for _ in range(2)]

    answers = at_once(*[person.sign_up for person in people])

    statuses = {a.status_code for a in answers}
    assert statuses <= {401, 429, 503}
    assert User.objects.filter(email="twice@example.test").count() == 1
