"""Paths of the notices."""

from django.urls import path

from backend.notifications.views import Notifications, OneNotification

urlpatterns = [
    path("notifications", Notifications.as_view()),
    path("notifications/<str:notification_id>", OneNotification.as_view()),
]
