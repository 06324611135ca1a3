"""Recalling a lot."""

import pytest

from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import AdministratorFactory, PhysicianFactory
from tests.factories.formulary import LotFactory

pytestmark = pytest.mark.django_db
WHY = {"reason": "Recalled by the manufacturer."}


@pytest.fixture
def administrator():
    return AdministratorFactory()


@pytest.fixture
def lot(administrator):
    return LotFactory(product__clinic=administrator.clinic)


def test_a_recall_takes_the_lot_out_of_use_and_announces_it(administrator, lot):
    answer = Caller(administrator).post(f"/v1/lots/{lot.ref}/recall", WHY, version=1)

    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["available_actions"]) == ("recalled", [])
    event = OutboxEvent.objects.get()
    assert event.type == "formulary.lot.recalled"
    assert event.payload == {"lot_id": lot.ref, "product_id": lot.product.ref}


def test_a_recalled_lot_stays_recalled(administrator, lot):
    caller = Caller(administrator)
    caller.post(f"/v1/lots/{lot.ref}/recall", WHY, version=1)

    again = caller.post(f"/v1/lots/{lot.ref}/recall", WHY, version=2)

    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_from_here")


def test_a_recall_asks_for_the_version_that_was_read(administrator, lot):
    caller = Caller(administrator)

    assert caller.post(f"/v1/lots/{lot.ref}/recall", WHY).status_code == 428
    assert caller.post(f"/v1/lots/{lot.ref}/recall", WHY, version=7).status_code == 412


def test_a_physician_recalls_nothing(lot):
    physician = PhysicianFactory(clinic=lot.clinic)

    answer = Caller(physician).post(f"/v1/lots/{lot.ref}/recall", WHY, version=1)

    assert answer.status_code == 403
