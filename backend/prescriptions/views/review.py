"""Submitting, reviewing and withdrawing prescriptions."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.schema import operation
from backend.kernel.text import Text
from backend.prescriptions.queries import prescriptions_visible_to
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.serializers.prescriptions import (
    DeclinePrescriptionIn,
    PrescriptionOut,
    ReturnPrescriptionIn,
    SignOffPrescriptionIn,
    VoidPrescriptionIn,
)
from backend.prescriptions.services.approve import approve_prescription
from backend.prescriptions.services.cancel import cancel_prescription
from backend.prescriptions.services.decline import Declining, decline_prescription
from backend.prescriptions.services.return_ import return_prescription
from backend.prescriptions.services.sign_off import sign_off
from backend.prescriptions.services.submit import submit_prescription
from backend.prescriptions.services.void import void_prescription


class SubmitPrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/submit"""

    verbs = {"post": PRESCRIPTIONS["submit"]}

    @operation(takes=NoBody, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Put it on the worklist; what the rules say now is kept."""
        self.asked(NoBody)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: submit_prescription(
                prescription_id=row.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class ApprovePrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/approve"""

    verbs = {"post": PRESCRIPTIONS["approve"]}

    @operation(takes=NoBody, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Approve and sign. 422 `not_clear` lists the findings that do not allow it."""
        self.asked(NoBody)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: approve_prescription(
                prescription_id=row.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class SignOffPrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/sign_off"""

    verbs = {"post": PRESCRIPTIONS["sign_off"]}

    @operation(takes=SignOffPrescriptionIn, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Another physician signs off one senior finding; nobody signs anything more severe."""
        asked = self.asked(SignOffPrescriptionIn)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: sign_off(
                prescription_id=row.id,
                rule=asked["rule"],
                reason=asked["reason"],
                evidence=asked.get("evidence"),
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class DeclinePrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/decline"""

    verbs = {"post": PRESCRIPTIONS["decline"]}

    @operation(takes=DeclinePrescriptionIn, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Decline it, with a coded reason and words for the patient."""
        asked = self.asked(DeclinePrescriptionIn)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        words = Text(asked["patient_text_ja"], asked["patient_text_en"])
        return self.act(
            lambda: decline_prescription(
                prescription_id=row.id,
                declining=Declining(asked["reason"], words),
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class ReturnPrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/return"""

    verbs = {"post": PRESCRIPTIONS["return"]}

    @operation(takes=ReturnPrescriptionIn, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Send it back for a change."""
        asked = self.asked(ReturnPrescriptionIn)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: return_prescription(
                prescription_id=row.id,
                reason=asked["reason"],
                note=asked["note"],
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class CancelPrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/cancel"""

    verbs = {"post": PRESCRIPTIONS["cancel"]}

    @operation(takes=NoBody, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Give up one that was not issued."""
        self.asked(NoBody)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: cancel_prescription(
                prescription_id=row.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class VoidPrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/void"""

    verbs = {"post": PRESCRIPTIONS["void"]}

    @operation(takes=VoidPrescriptionIn, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Void an issued one: it is dispensed no more."""
        asked = self.asked(VoidPrescriptionIn)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: void_prescription(
                prescription_id=row.id,
                reason=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )
