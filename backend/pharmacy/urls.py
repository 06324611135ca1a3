"""Paths of the pharmacy."""

from django.urls import path

from backend.pharmacy.views import webhooks

urlpatterns = [
    path("webhook_endpoints", webhooks.WebhookEndpoints.as_view()),
    path("webhook_endpoints/<str:endpoint_id>", webhooks.WebhookEndpointDetail.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/rotate_secret", webhooks.RotateSecret.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/disable", webhooks.DisableEndpoint.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/enable", webhooks.EnableEndpoint.as_view()),
    path("webhook_endpoints/<str:endpoint_id>/send_test", webhooks.SendTest.as_view()),
    path("webhook_deliveries", webhooks.WebhookDeliveries.as_view()),
    path("webhook_deliveries/<str:delivery_id>", webhooks.WebhookDeliveryDetail.as_view()),
    path("webhook_deliveries/<str:delivery_id>/replay", webhooks.ReplayDelivery.as_view()),
]
