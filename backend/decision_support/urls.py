"""The paths that CDS Hooks prescribes below its base address; they stand outside /v1."""

from django.urls import path

from backend.decision_support.views import OrderSelect, OrderSign, cds_services

urlpatterns = [
    path("cds-services", cds_services),
    path("cds-services/isotretinoin-order-sign", OrderSign.as_view()),
    path("cds-services/isotretinoin-order-select", OrderSelect.as_view()),
]
