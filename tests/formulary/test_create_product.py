"""Taking a product into the formulary."""

import pytest

from backend.audit.models import AuditEntry
from backend.formulary.models import Product
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
)
from tests.factories.formulary import ProductFactory

pytestmark = pytest.mark.django_db
ISOTROIN = {
    "name": "Isotroin 20",
    "strength_mg": 20,
    "code": "standard",
    "soya_oil": True,
    "gtin": "07680453070343",
    "approval": "unapproved",
}


def test_the_administrator_takes_a_product_into_the_formulary():
    administrator = AdministratorFactory()

    answer = Caller(administrator).post("/v1/products", ISOTROIN)

    assert answer.status_code == 201, answer.content
    product = Product.objects.get()
    assert product.clinic == administrator.clinic
    assert answer.json()["id"] == product.ref
    assert AuditEntry.objects.get(action="product.create").object_ref == product.ref


def test_a_gtin_is_optional_and_its_check_digit_is_checked():
    caller = Caller(AdministratorFactory())
    without = {name: value for name, value in ISOTROIN.items() if name != "gtin"}

    good = caller.post("/v1/products", without)
    wrong = caller.post("/v1/products", {**ISOTROIN, "gtin": "07680453070344"})

    assert good.status_code == 201
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["pointer"] == "/gtin"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({}, id="same name, strength and kind"),
        pytest.param({"name": "Another name"}, id="same GTIN"),
    ],
)
def test_the_same_product_twice_is_refused(other):
    administrator = AdministratorFactory()
    ProductFactory(clinic=administrator.clinic, name="Isotroin 20", gtin=ISOTROIN["gtin"])

    answer = Caller(administrator).post("/v1/products", {**ISOTROIN, **other})

    assert (answer.status_code, answer.json()["code"]) == (409, "product_exists")


def test_another_clinic_may_hold_the_same_product():
    ProductFactory(name="Isotroin 20", gtin=ISOTROIN["gtin"])

    answer = Caller(AdministratorFactory()).post("/v1/products", ISOTROIN)

    assert answer.status_code == 201


@pytest.mark.parametrize("strength_mg", [0, 41, "20", 20.0, True])
def test_a_strength_is_a_whole_number_of_milligrams_from_1_to_40(strength_mg):
    answer = Caller(AdministratorFactory()).post(
        "/v1/products", {**ISOTROIN, "strength_mg": strength_mg}
    )

    assert answer.status_code == 400


def test_a_physician_reads_and_does_not_write():
    physician = PhysicianFactory()
    product = ProductFactory(clinic=physician.clinic)

    seen = Caller(physician).get(f"/v1/products/{product.ref}")
    written = Caller(physician).post("/v1/products", ISOTROIN)

    assert (seen.status_code, seen.json()["strength_mg"]) == (200, 20)
    assert written.status_code == 403


def test_the_formulary_of_another_clinic_does_not_exist():
    foreign = ProductFactory()
    auditor = AuditorFactory()

    assert Caller(auditor).get(f"/v1/products/{foreign.ref}").status_code == 404
    assert Caller(auditor).get("/v1/products").json()["data"] == []


def test_a_pharmacy_reads_its_clinics_formulary_and_a_patient_does_not():
    client = ApiClientFactory()
    product = ProductFactory(clinic=client.pharmacy.clinic)

    assert Caller(client).get("/v1/products").json()["data"][0]["id"] == product.ref
    assert Caller(PatientFactory()).get("/v1/products").status_code == 403
