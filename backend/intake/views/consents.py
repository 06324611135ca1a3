"""Consent documents and signatures."""

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.models import Clinic
from backend.accounts.queries import clinics_visible_to
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.intake.documents import in_force
from backend.intake.queries import signatures_visible_to
from backend.intake.rules import DOCUMENTS, SIGNATURES
from backend.intake.serializers import (
    ConsentDocumentOut,
    ConsentSignatureOut,
    OneConsentSignatureOut,
    SignConsentIn,
    shown_document,
)
from backend.intake.services.sign import sign_consent
from backend.intake.services.withdraw import withdraw_consent
from backend.intake.views.me import PatientEndpoint
from backend.kernel.actor import Role
from backend.kernel.errors import NotFound


class SignatureFilters(ListFilters):
    """By patient."""

    patient = IdFilter("pt", field_name="patient_id")


class DocumentFilters(ListFilters):
    """Nothing to choose: what is in force."""


class ConsentDocuments(PatientEndpoint):
    """GET /v1/consent_documents"""

    verbs = {"get": DOCUMENTS["list"]}
    filters = DocumentFilters

    @operation(gives=ConsentDocumentOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The documents in force for the clinic's programme, as the clinic shows them."""
        if self.actor.role is Role.PATIENT:
            patient = self.me()
            clinic, today = patient.clinic, clock.today(patient)
        else:
            clinic = self._clinic()
            today = clock.civil_day(clock.now(), clinic.zone)
        shown = [shown_document(one, clinic) for one in in_force(clinic.programme, today)]
        return self.listed_from(shown, ConsentDocumentOut, key=lambda one: str(one["id"]))

    def _clinic(self) -> Clinic:
        if self.actor.clinic_id is None:
            raise NotFound()
        return clinics_visible_to(self.actor).get(id=self.actor.clinic_id)


class ConsentSignatures(PatientEndpoint):
    """GET, POST /v1/consent_signatures"""

    verbs = {"get": SIGNATURES["list"], "post": SIGNATURES["sign"]}
    filters = SignatureFilters

    @operation(gives=ConsentSignatureOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Own signatures, or those of the clinic's patients; newest first."""
        return self.listed(signatures_visible_to(self.actor), ConsentSignatureOut)

    @operation(takes=SignConsentIn, gives=ConsentSignatureOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Sign the text that you read; 409 `text_changed` if it is not in force any more."""
        asked = self.asked(SignConsentIn)
        patient = self.me()
        document_id = asked.pop("document")
        return self.act(
            lambda: sign_consent(
                patient=patient,
                document_id=document_id,
                **asked,
                by=self.actor,
                at=clock.now(patient),
            ),
            ConsentSignatureOut,
            status=201,
        )


class OneConsentSignature(Endpoint):
    """GET /v1/consent_signatures/{signature_id}"""

    verbs = {"get": SIGNATURES["read"]}

    @operation(gives=OneConsentSignatureOut)
    def get(self, request: Request, signature_id: str) -> HttpResponse:  # noqa: ARG002
        """One signature, with the text as it was shown."""
        signature = self.find(signatures_visible_to(self.actor), signature_id)
        return self.look(signature, OneConsentSignatureOut)


class WithdrawConsent(Endpoint):
    """POST /v1/consent_signatures/{signature_id}/withdraw"""

    verbs = {"post": SIGNATURES["withdraw"]}

    @operation(takes=NoBody, gives=ConsentSignatureOut)
    def post(self, request: Request, signature_id: str) -> HttpResponse:  # noqa: ARG002
        """Withdraw a consent from now on."""
        self.asked(NoBody)
        signature = self.find(signatures_visible_to(self.actor), signature_id)
        version = self.expected_version()
        return self.act(
            lambda: withdraw_consent(
                signature_id=signature.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(signature.patient),
            ),
            ConsentSignatureOut,
        )
