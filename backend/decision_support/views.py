"""CDS Hooks 2.0: discovery for everybody, and cards for the physician who is about to sign."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from backend import clock
from backend.accounts.models import Patient
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.api.fields import Shape
from backend.api.language import reader_language
from backend.api.schema import operation
from backend.audit.record import record
from backend.decision_support.cards import Card, Reader, cards_of, not_waiting
from backend.decision_support.offered import SERVICES
from backend.decision_support.orders import prescriptions_named
from backend.decision_support.rules import CDS_SERVICES
from backend.decision_support.serializers import CardsOut, OrderSelectIn, OrderSignIn
from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text
from backend.prescriptions.assessment import live_assessment
from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import prescriptions_visible_to, staff_of
from backend.prescriptions.rules import UNSIGNED
from backend.rulebook.queries import in_force_for


@require_safe
def cds_services(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """GET /cds-services: what is offered (Discovery); about nobody, without sign-in."""
    language = reader_language()
    return JsonResponse({"services": [service.as_json(language) for service in SERVICES]})


class CdsService(Endpoint):
    """A hook that is asked about draft orders. Asking stores nothing, so it needs no key."""

    keyed = False

    def answered(self, shape: type[Shape]) -> HttpResponse:
        """Cards about the prescriptions that the orders name; 404 unless all are the patient's."""
        asked = self.asked(shape)
        context = asked["context"]
        self._check_user(context["user_id"])
        patient = self.find(patients_visible_to(self.actor), context["patient_id"])
        named = prescriptions_named(context["draft_orders"], context.get("selections"))
        visible = prescriptions_visible_to(self.actor).filter(patient=patient)
        rows = [self.find(visible, ref) for ref in named]
        reader = Reader(reader_language(), UUID(asked["hook_instance"]))
        at = clock.now(patient)
        self._note(patient, rows, reader, at)
        cards = [card for row in rows for card in self._cards(row, reader, at)]
        return self.rendered({"cards": cards}, CardsOut, 200)

    def _check_user(self, reference: str) -> None:
        """Raise Invalid (400) unless the user in context is who is signed in."""
        kind, _, ref = reference.partition("/")
        if kind not in ("Practitioner", "PractitionerRole") or ref != staff_of(self.actor).ref:
            ja = "ログインしている医師（Practitioner/stf_…）ではありません。"
            en = "Not the physician who is signed in (Practitioner/stf_…)."
            raise Invalid(errors=[FieldError("/context/userId", "not_the_caller", Text(ja, en))])

    def _note(
        self, patient: Patient, rows: list[Prescription], reader: Reader, at: datetime
    ) -> None:
        """Leave an entry that the patient was looked at, by which call, for which orders."""
        facts = {
            "hook_instance": str(reader.hook_instance),
            "prescriptions": " ".join(row.ref for row in rows),
        }
        with transaction.atomic():
            record(self.verb.action, on=patient, by=self.actor, at=at, facts=facts)

    def _cards(self, row: Prescription, reader: Reader, at: datetime) -> list[Card]:
        pack, _ = in_force_for(row.patient, at=at)
        if row.status not in UNSIGNED:
            return not_waiting(row, pack, reader)
        live: dict[str, Any] = live_assessment(row, by=self.actor, language=reader.language, at=at)
        return cards_of(row, live, pack, reader)


class OrderSign(CdsService):
    """POST /cds-services/isotretinoin-order-sign"""

    verbs = {"post": CDS_SERVICES["order_sign"]}

    @operation(takes=OrderSignIn, gives=CardsOut)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """CDS Hooks order-sign: what every rule says of the prescription about to be signed."""
        return self.answered(OrderSignIn)


class OrderSelect(CdsService):
    """POST /cds-services/isotretinoin-order-select"""

    verbs = {"post": CDS_SERVICES["order_select"]}

    @operation(takes=OrderSelectIn, gives=CardsOut)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """CDS Hooks order-select: the same, of the orders just selected."""
        return self.answered(OrderSelectIn)
