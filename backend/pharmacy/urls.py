"""Paths of the pharmacy."""

from django.urls import path

from backend.pharmacy.views import counter, dispenses, webhooks

urlpatterns = [
    path("prescriptions/<str:prescription_id>/claim", counter.ClaimPrescription.as_view()),
    path("prescriptions/<str:prescription_id>/release", counter.ReleasePrescription.as_view()),
    path("prescriptions/<str:prescription_id>/reject", counter.RejectPrescription.as_view()),
    path("prescriptions/<str:prescription_id>/dispense", counter.DispensePrescription.as_view()),
    path("dispenses", dispenses.Dispenses.as_view()),
    path("dispenses/<str:dispense_id>", dispenses.OneDispense.as_view()),
    path("dispenses/<str:dispense_id>/record_return", dispenses.RecordReturn.as_view()),
    path("webhook_endpoints", webhooks.WebhookEndpoints.as_view()),
    path("webhook_endpoints/<str:endpoint_id>", webhooks.OneWebhookEndpoint.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/rotate_secret", webhooks.RotateSecret.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/disable", webhooks.DisableEndpoint.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/enable", webhooks.EnableEndpoint.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/send_test", webhooks.SendTest.as_view()),
    path("webhook_deliveries", webhooks.WebhookDeliveries.as_view()),
    path("webhook_deliveries/<str:delivery_id>", webhooks.OneWebhookDelivery.as_view()),
    path("webhook_deliveries/<str:delivery_id>/replay", webhooks.ReplayDelivery.as_view()),
]
