"""Drafting and reading prescriptions."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.language import reader_language
from backend.api.schema import operation
from backend.prescriptions.assessment import live_assessment
from backend.prescriptions.filters import PrescriptionFilters, SigningKeyFilters
from backend.prescriptions.queries import (
    courses_visible_to,
    named,
    prescriptions_visible_to,
    signature_of,
    signing_keys,
)
from backend.prescriptions.rules import PRESCRIPTIONS, SIGNING_KEYS, PrescriptionStatus
from backend.prescriptions.serializers.evidence import (
    AssessmentOut,
    SignedContentOut,
    SigningKeyOut,
)
from backend.prescriptions.serializers.prescriptions import (
    DraftPrescriptionIn,
    PrescriptionOut,
    UpdatePrescriptionIn,
    content_of,
    out_for,
)
from backend.prescriptions.services.draft import draft_prescription
from backend.prescriptions.services.update import update_prescription
from backend.prescriptions.waiting import WORKLIST

NEWEST_FIRST = ("-id",)
ORDERS = {PrescriptionStatus.IN_REVIEW.value: WORKLIST}


class Prescriptions(Endpoint):
    """GET, POST /v1/prescriptions"""

    verbs = {"get": PRESCRIPTIONS["list"], "post": PRESCRIPTIONS["draft"]}
    filters = PrescriptionFilters

    @operation(gives=PrescriptionOut, many=True)
    def get(self, request: Request) -> HttpResponse:
        """Newest first; `status=in_review` is the worklist: urgent ones, then the oldest."""
        order = ORDERS.get(request.query_params.get("status", ""), NEWEST_FIRST)
        rows = prescriptions_visible_to(self.actor)
        return self.listed(rows, out_for(self.actor), order=order)

    @operation(takes=DraftPrescriptionIn, gives=PrescriptionOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Draft one on an open course; the capsules are counted by the service."""
        asked = self.asked(DraftPrescriptionIn)
        course = named(courses_visible_to(self.actor), asked["course"], "course")
        self.admitted(course)
        return self.act(
            lambda: draft_prescription(
                course_id=course.id,
                content=content_of(asked),
                by=self.actor,
                at=clock.now(course.patient),
            ),
            PrescriptionOut,
            status=201,
        )


class OnePrescription(Endpoint):
    """GET /v1/prescriptions/{prescription_id}"""

    verbs = {"get": PRESCRIPTIONS["read"]}

    @operation(gives=PrescriptionOut)
    def get(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """One prescription, as far as the reader may see it."""
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        return self.look(row, out_for(self.actor))


class UpdatePrescription(Endpoint):
    """POST /v1/prescriptions/{prescription_id}/update"""

    verbs = {"post": PRESCRIPTIONS["update"]}

    @operation(takes=UpdatePrescriptionIn, gives=PrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Replace the content of a draft or returned prescription."""
        asked = self.asked(UpdatePrescriptionIn)
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: update_prescription(
                prescription_id=row.id,
                content=content_of(asked),
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionOut,
        )


class Assessment(Endpoint):
    """GET /v1/prescriptions/{prescription_id}/assessment"""

    verbs = {"get": PRESCRIPTIONS["assess"]}

    @operation(gives=AssessmentOut)
    def get(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """What the rules would say to an approval now: every finding, and what would unblock it."""
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        self.seen(row)
        answer = live_assessment(
            row, by=self.actor, language=reader_language(), at=clock.now(row.patient)
        )
        return self.rendered(answer, AssessmentOut, 200)


class SignedContent(Endpoint):
    """GET /v1/prescriptions/{prescription_id}/signed_content"""

    verbs = {"get": PRESCRIPTIONS["read_signed_content"]}

    @operation(gives=SignedContentOut)
    def get(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """The signed bytes, the signature and the key. 404 before it is approved."""
        row = self.find(prescriptions_visible_to(self.actor), prescription_id)
        return self.look(signature_of(row), SignedContentOut)


class SigningKeys(Endpoint):
    """GET /v1/signing_keys"""

    verbs = {"get": SIGNING_KEYS["list"]}
    filters = SigningKeyFilters

    @operation(gives=SigningKeyOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The service's public keys: those it signed with, and the one it signs with now."""
        return self.listed_from(signing_keys(), SigningKeyOut, key=_present_first)


def _present_first(key: Mapping[str, Any]) -> str:
    return f"{'now' if key['signs_now'] else 'old'} {key['key_id']}"
