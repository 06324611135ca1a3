"""Registering a lot."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.formulary.models import Lot
from tests.callers import Caller
from tests.factories.accounts import AdministratorFactory, PhysicianFactory, StaffMemberFactory
from tests.factories.formulary import LotFactory, ProductFactory

pytestmark = pytest.mark.django_db


def body(product, **more):
    return {"product": product.ref, "number": "A1234", "expires_on": "2027-12-31", **more}


@pytest.fixture
def administrator():
    return AdministratorFactory()


@pytest.fixture
def product(administrator):
    return ProductFactory(clinic=administrator.clinic)


def test_an_imported_lot_belongs_to_its_importer(administrator, product):
    importer = PhysicianFactory(clinic=administrator.clinic)

    answer = Caller(administrator).post("/v1/lots", body(product, importer=importer.ref))

    assert answer.status_code == 201, answer.content
    assert answer.json()["importer"] == importer.ref
    assert Lot.objects.get().importer_code == importer.prescriber_code


def test_a_lot_without_importer_is_not_imported(administrator, product):
    answer = Caller(administrator).post("/v1/lots", body(product))

    assert answer.json()["importer"] is None
    assert Lot.objects.get().importer_code == "none"


def test_only_a_physician_of_the_clinic_imports(administrator, product):
    staff = StaffMemberFactory(clinic=administrator.clinic)
    stranger = PhysicianFactory()

    for importer in (staff, stranger):
        answer = Caller(administrator).post("/v1/lots", body(product, importer=importer.ref))
        assert (answer.status_code, answer.json()["code"]) == (422, "importer_not_physician")
    assert not Lot.objects.exists()


def test_a_product_of_another_clinic_does_not_exist(administrator):
    answer = Caller(administrator).post("/v1/lots", body(ProductFactory()))

    assert answer.status_code == 400
    assert answer.json()["errors"][0] == {
        "pointer": "/product",
        "code": "not_found",
        "detail": "There is no such product.",
    }


def test_a_lot_number_stands_once_per_product(administrator, product):
    LotFactory(product=product, number="A1234")

    answer = Caller(administrator).post("/v1/lots", body(product))

    assert (answer.status_code, answer.json()["code"]) == (409, "lot_exists")


def test_lots_are_listed_by_product_and_status(administrator, product):
    in_use = LotFactory(product=product)
    recalled = LotFactory(product=product, recalled=True)
    LotFactory(product__clinic=administrator.clinic)
    caller = Caller(administrator)

    some = caller.get("/v1/lots", product=product.ref, status="recalled").json()
    every = caller.get("/v1/lots", product=product.ref).json()

    assert [lot["id"] for lot in some["data"]] == [recalled.ref]
    assert [lot["id"] for lot in every["data"]] == [recalled.ref, in_use.ref]


def test_a_longer_list_takes_no_more_queries(administrator, product):
    importer = PhysicianFactory(clinic=administrator.clinic)
    LotFactory(product=product, importer=importer)
    caller = Caller(administrator)
    caller.get("/v1/lots")  # the caller's own rows are read once
    with CaptureQueriesContext(connection) as short:
        caller.get("/v1/lots")

    LotFactory.create_batch(5, product=product, importer=importer)
    with CaptureQueriesContext(connection) as long:
        answer = caller.get("/v1/lots")

    assert len(answer.json()["data"]) == 6
    assert len(long) == len(short)
