"""Confirming a booking with none of it: no sign-in, idempotency, audit, outbox, ETag or table.

The same row is read and changed in one transaction, and the same fields are answered.
"""

from django.db import transaction
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend import clock
from backend.booking.models import Visit
from backend.kernel.ids import parse_id


class VisitOut(serializers.ModelSerializer):
    """The row as DRF shows it."""

    class Meta:
        model = Visit
        fields = "__all__"


class Confirm(APIView):
    """POST /v1/visits/{id}/confirm"""

    def post(self, request: Request, visit_id: str) -> Response:
        """Change the row."""
        _ = request.data
        with transaction.atomic():
            visit = Visit.objects.get(id=parse_id("vis", visit_id))
            visit.status, visit.hold_expires_at = "booked", None
            visit.confirmed_at = clock.now()
            visit.save()
        return Response(VisitOut(visit).data)


urlpatterns = [path("v1/visits/<str:visit_id>/confirm", Confirm.as_view())]
