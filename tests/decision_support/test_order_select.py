"""The hook order-select: the orders just selected, and no others."""

import pytest

from tests.decision_support.hooks import bundle, cards, order, request_for, send
from tests.factories.prescriptions import ready_prescription

pytestmark = pytest.mark.django_db
SELECT = "order-select"


@pytest.fixture
def row():
    return ready_prescription()


def select(row, *selections, **context):
    author = row.created_by.staff_member
    orders = [order(ref=row.ref), order(resource_id="draft-2")]
    more = {"selections": list(selections), **context}
    return send(author, request_for(author, row.patient, *orders, hook=SELECT, **more), hook=SELECT)


def test_a_selected_order_is_assessed(row):
    found = cards(select(row, "MedicationRequest/draft-1"))

    assert "No rule refuses" in found[-1]["summary"]


@pytest.mark.parametrize(
    "selected", ["MedicationRequest/draft-2", "ServiceRequest/draft-1", "draft-1"]
)
def test_an_order_beside_the_selection_is_passed_over(row, selected):
    assert select(row, selected).json() == {"cards": []}


def test_the_selections_are_needed(row):
    author = row.created_by.staff_member
    body = request_for(author, row.patient, order(ref=row.ref), hook=SELECT)

    answer = send(author, body, hook=SELECT)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/context/selections"]


def test_order_sign_knows_no_selections(row):
    author = row.created_by.staff_member
    body = request_for(author, row.patient, order(ref=row.ref), selections=["x"])

    answer = send(author, body)

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/context/selections"]


def test_a_selected_order_of_somebody_else_is_not_found(row):
    other = ready_prescription()

    answer = select(row, "MedicationRequest/draft-1", draftOrders=bundle(order(ref=other.ref)))

    assert answer.status_code == 404
