"""Shapes of claims, hand-overs and returns."""

from typing import Any, ClassVar

from rest_framework import serializers

from backend.api.fields import Code, Flag, PublicId, Shape, Whole
from backend.api.out import RowOut
from backend.pharmacy.models import Dispense
from backend.pharmacy.rules import RejectReason, ReturnReason
from backend.prescriptions.serializers.prescriptions import PrescriptionForPharmacyOut

MAX_CAPSULES = 6000  # 200 mg a day for 30 days in capsules of 1 mg


class RejectPrescriptionIn(Shape):
    """Why the pharmacy will not dispense it."""

    example: ClassVar[dict[str, Any]] = {"reason": "out_of_stock"}

    reason = Code(RejectReason)


class DispensePrescriptionIn(Shape):
    """One hand-over, the whole or a part."""

    example: ClassVar[dict[str, Any]] = {"capsules": 30, "identity_checked": True}

    capsules = Whole(min_value=1, max_value=MAX_CAPSULES)
    identity_checked = Flag(help_text="Of the person who receives it (W-04).")
    lot = PublicId(
        "lot", required=False, help_text="The prescribed lot, unless another was handed over."
    )


class RecordReturnIn(Shape):
    """Capsules that came back and were destroyed (W-09)."""

    example: ClassVar[dict[str, Any]] = {"capsules": 12, "reason": "course_stopped"}

    capsules = Whole(min_value=1, max_value=MAX_CAPSULES)
    reason = Code(ReturnReason)


class MedicineReturnOut(serializers.Serializer):
    """One return."""

    id = serializers.CharField(source="ref", read_only=True)
    capsules = serializers.IntegerField(read_only=True)
    mg = serializers.IntegerField(read_only=True, help_text="Milligrams off the course's total.")
    reason = serializers.ChoiceField([r.value for r in ReturnReason], read_only=True)
    returned_at = serializers.DateTimeField(read_only=True)


_DISPENSE: dict[str, Any] = {
    "id": "dsp_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "version": 1,
    "prescription": "rx_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "patient": "pt_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "pharmacy": "ph_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "fill_no": 1,
    "capsules": 30,
    "mg": 600,
    "lot": "lot_01hqxv5y2k8m3n4p5q6r7s8t9v",
    "lot_number": "A1234",
    "handed_over_at": "2026-03-10T03:00:00Z",
    "returned_capsules": 0,
    "returns": [],
}


class DispenseOut(RowOut):
    """A hand-over: a line of the ledger, with what came back of it."""

    example: ClassVar[dict[str, Any]] = _DISPENSE

    prescription = PublicId("rx", source="prescription_id", read_only=True)
    patient = PublicId("pt", source="patient_id", read_only=True)
    pharmacy = PublicId("ph", source="pharmacy_id", read_only=True)
    fill_no = serializers.IntegerField(read_only=True, help_text="1 = the first.")
    capsules = serializers.IntegerField(read_only=True)
    mg = serializers.SerializerMethodField(help_text="Milligrams handed over.")
    lot = PublicId("lot", source="lot_id", read_only=True)
    lot_number = serializers.CharField(source="lot.number", read_only=True)
    handed_over_at = serializers.DateTimeField(read_only=True)
    returned_capsules = serializers.SerializerMethodField()
    returns = MedicineReturnOut(many=True, read_only=True)

    def get_mg(self, row: Dispense) -> int:
        """Capsules x strength."""
        return row.capsules * row.prescription.product.strength_mg

    def get_returned_capsules(self, row: Dispense) -> int:
        """How many came back."""
        return sum(back.capsules for back in row.returns.all())


class HandedOverOut(serializers.Serializer):
    """The line of the ledger that a hand-over wrote."""

    id = serializers.CharField(source="ref", read_only=True)
    fill_no = serializers.IntegerField(read_only=True)
    capsules = serializers.IntegerField(read_only=True)
    handed_over_at = serializers.DateTimeField(read_only=True)


class DispensedPrescriptionOut(PrescriptionForPharmacyOut):
    """The prescription after a hand-over, and the hand-over."""

    handed_over = HandedOverOut(read_only=True)
