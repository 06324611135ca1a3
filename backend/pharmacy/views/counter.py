"""Claims and hand-overs over HTTP."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.schema import operation
from backend.kernel.errors import Forbidden
from backend.pharmacy.queries import prescriptions_at_counter
from backend.pharmacy.serializers.counter import (
    DispensedPrescriptionOut,
    DispensePrescriptionIn,
    RejectPrescriptionIn,
)
from backend.pharmacy.services.claim import claim
from backend.pharmacy.services.dispense import dispense
from backend.pharmacy.services.reject import reject
from backend.pharmacy.services.release import release
from backend.prescriptions.queries import prescriptions_visible_to
from backend.prescriptions.rules import PRESCRIPTIONS
from backend.prescriptions.serializers.prescriptions import PrescriptionForPharmacyOut


class Counter(Endpoint):
    """What the paths of the counter share: who stands behind it."""

    @property
    def pharmacy_id(self) -> UUID:
        """The pharmacy whose client asks. Raises Forbidden (403) for one without."""
        found = self.actor.pharmacy_id
        if found is None:
            raise Forbidden()
        return found

    def own(self, prescription_id: str) -> Any:
        """A prescription that the pharmacy's list shows. Raises NotFound (404)."""
        return self.find(prescriptions_visible_to(self.actor), prescription_id)


class ClaimPrescription(Counter):
    """POST /v1/prescriptions/{prescription_id}/claim"""

    verbs = {"post": PRESCRIPTIONS["claim"]}

    @operation(takes=NoBody, gives=PrescriptionForPharmacyOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Claim it for this pharmacy alone, for 24 hours or to the end of its last day.

        What changed about the patient since the approval voids it: 409 `facts_changed`.
        """
        self.asked(NoBody)
        row = self.find(prescriptions_at_counter(self.actor), prescription_id)
        version, pharmacy_id = self.expected_version(), self.pharmacy_id
        return self.act(
            lambda: claim(
                prescription_id=row.id,
                pharmacy_id=pharmacy_id,
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionForPharmacyOut,
        )


class ReleasePrescription(Counter):
    """POST /v1/prescriptions/{prescription_id}/release"""

    verbs = {"post": PRESCRIPTIONS["release"]}

    @operation(takes=NoBody, gives=PrescriptionForPharmacyOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Give it back: any pharmacy may claim it again."""
        self.asked(NoBody)
        row = self.own(prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: release(
                prescription_id=row.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionForPharmacyOut,
        )


class RejectPrescription(Counter):
    """POST /v1/prescriptions/{prescription_id}/reject"""

    verbs = {"post": PRESCRIPTIONS["reject"]}

    @operation(takes=RejectPrescriptionIn, gives=PrescriptionForPharmacyOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Refuse to dispense it; the physician decides what follows."""
        asked = self.asked(RejectPrescriptionIn)
        row = self.own(prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: reject(
                prescription_id=row.id,
                reason=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            PrescriptionForPharmacyOut,
        )


class DispensePrescription(Counter):
    """POST /v1/prescriptions/{prescription_id}/dispense"""

    verbs = {"post": PRESCRIPTIONS["dispense"]}

    @operation(takes=DispensePrescriptionIn, gives=DispensedPrescriptionOut)
    def post(self, request: Request, prescription_id: str) -> HttpResponse:  # noqa: ARG002
        """Hand capsules over, all or a part; the rules are asked again for this day.

        What changed about the patient since the approval voids the rest: 409 `facts_changed`.
        """
        asked = self.asked(DispensePrescriptionIn)
        row = self.own(prescription_id)
        version = self.expected_version()
        return self.act(
            lambda: dispense(
                prescription_id=row.id,
                capsules=asked["capsules"],
                identity_checked=asked["identity_checked"],
                lot_id=asked.get("lot"),
                expected_version=version,
                by=self.actor,
                at=clock.now(row.patient),
            ),
            DispensedPrescriptionOut,
        )
