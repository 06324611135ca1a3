"""The doors of the formulary: parse, one call, answer."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.schema import operation
from backend.formulary.filters import LotFilters, ProductFilters
from backend.formulary.queries import lots_visible_to, products_visible_to
from backend.formulary.rules import LOTS, PRODUCTS
from backend.formulary.serializers import (
    CreateLotIn,
    CreateProductIn,
    LotOut,
    ProductOut,
    RecallLotIn,
)
from backend.formulary.services.create_lot import create_lot
from backend.formulary.services.create_product import create_product
from backend.formulary.services.recall_lot import recall_lot


class Products(Endpoint):
    """GET, POST /v1/products"""

    verbs = {"get": PRODUCTS["list"], "post": PRODUCTS["create"]}
    filters = ProductFilters

    @operation(gives=ProductOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's products, newest first."""
        return self.listed(products_visible_to(self.actor), ProductOut)

    @operation(takes=CreateProductIn, gives=ProductOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Take a product into the formulary."""
        content = self.asked(CreateProductIn)
        return self.act(
            lambda: create_product(content=content, by=self.actor, at=clock.now()),
            ProductOut,
            status=201,
        )


class OneProduct(Endpoint):
    """GET /v1/products/{product_id}"""

    verbs = {"get": PRODUCTS["read"]}

    @operation(gives=ProductOut)
    def get(self, request: Request, product_id: str) -> HttpResponse:  # noqa: ARG002
        """One product."""
        return self.look(self.find(products_visible_to(self.actor), product_id), ProductOut)


class Lots(Endpoint):
    """GET, POST /v1/lots"""

    verbs = {"get": LOTS["list"], "post": LOTS["create"]}
    filters = LotFilters

    @operation(gives=LotOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The clinic's lots, newest first."""
        return self.listed(lots_visible_to(self.actor), LotOut)

    @operation(takes=CreateLotIn, gives=LotOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Register a lot."""
        asked = self.asked(CreateLotIn)
        return self.act(
            lambda: create_lot(
                product_id=asked["product"],
                number=asked["number"],
                importer_id=asked.get("importer"),
                expires_on=asked["expires_on"],
                by=self.actor,
                at=clock.now(),
            ),
            LotOut,
            status=201,
        )


class OneLot(Endpoint):
    """GET /v1/lots/{lot_id}"""

    verbs = {"get": LOTS["read"]}

    @operation(gives=LotOut)
    def get(self, request: Request, lot_id: str) -> HttpResponse:  # noqa: ARG002
        """One lot."""
        return self.look(self.find(lots_visible_to(self.actor), lot_id), LotOut)


class RecallLot(Endpoint):
    """POST /v1/lots/{lot_id}/recall"""

    verbs = {"post": LOTS["recall"]}

    @operation(takes=RecallLotIn, gives=LotOut)
    def post(self, request: Request, lot_id: str) -> HttpResponse:  # noqa: ARG002
        """Take a lot out of use for good."""
        asked = self.asked(RecallLotIn)
        lot = self.find(lots_visible_to(self.actor), lot_id)
        version = self.expected_version()
        return self.act(
            lambda: recall_lot(
                lot_id=lot.id,
                reason=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(),
            ),
            LotOut,
        )
