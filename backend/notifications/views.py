"""Delivery evidence over HTTP."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend.api.endpoint import Endpoint
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.notifications.queries import notifications_visible_to
from backend.notifications.rules import NOTIFICATIONS, NotificationStatus
from backend.notifications.serializers import NotificationOut


class NotificationFilters(ListFilters):
    """By patient and status."""

    patient = IdFilter("pt", field_name="patient_id")
    status = filters.ChoiceFilter(choices=[(str(s), str(s)) for s in NotificationStatus])


class Notifications(Endpoint):
    """GET /v1/notifications"""

    verbs = {"get": NOTIFICATIONS["list"]}
    filters = NotificationFilters

    @operation(gives=NotificationOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Newest first: what was sent to whom and when, never what it said."""
        return self.listed(notifications_visible_to(self.actor), NotificationOut)


class OneNotification(Endpoint):
    """GET /v1/notifications/{notification_id}"""

    verbs = {"get": NOTIFICATIONS["read"]}

    @operation(gives=NotificationOut)
    def get(self, request: Request, notification_id: str) -> HttpResponse:  # noqa: ARG002
        """One notice."""
        found = self.find(notifications_visible_to(self.actor), notification_id)
        return self.look(found, NotificationOut)
