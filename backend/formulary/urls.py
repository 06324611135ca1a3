"""The paths of the formulary."""

from django.urls import path

from backend.formulary.views import Lots, OneLot, OneProduct, Products, RecallLot

urlpatterns = [
    path("products", Products.as_view()),
    path("products/<str:product_id>", OneProduct.as_view()),
    path("lots", Lots.as_view()),
    path("lots/<str:lot_id>", OneLot.as_view()),
    path("lots/<str:lot_id>/recall", RecallLot.as_view()),
]
