"""Paths of the notices."""

from django.urls import path

from backend.notifications.views import NotificationDetail, Notifications

urlpatterns = [
    path("notifications", Notifications.as_view()),
    path("notifications/<str:notification_id>", NotificationDetail.as_view()),
]
