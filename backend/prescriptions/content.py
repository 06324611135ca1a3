"""What is signed: the items that a prescription must have (J-16), as one JSON object."""

from datetime import date, datetime
from typing import Any

from backend.accounts.models import StaffMember
from backend.audit.record import instant
from backend.prescriptions.models import Decision, Prescription
from backend.protocol.days import age

KIND = "suhada.prescription.1"


def signed_content(
    row: Prescription, *, decision: Decision, prescriber: StaffMember, at: datetime
) -> dict[str, Any]:
    """The content of an approved prescription: texts and whole numbers only.

    Source: J-16 (name, age, medicine, amount, usage, issue date, validity, institution,
    prescriber); milligrams in `_mg`, civil days in `_on` and `_until`.
    """
    patient, clinic = row.patient, row.patient.clinic
    issued_on = _known(row.issued_on)
    return {
        "kind": KIND,
        "course_id": row.course.ref,
        "visit_id": row.visit.ref,
        "decision_id": decision.ref,
        "pack_version": decision.pack_version,
        "signed_at": instant(at),
        **essentials(row),
        "patient": {
            "id": patient.ref,
            "name": patient.name,
            "name_kana": patient.name_kana,
            "birth_on": str(patient.birth_on),
            "age_years": age(patient.birth_on, issued_on),
        },
        "clinic": {"id": clinic.ref, "name": clinic.name, "telephone": clinic.telephone},
        "prescriber": {
            "id": prescriber.ref,
            "name": prescriber.name,
            "licence_number": prescriber.licence_number,
        },
    }


def essentials(row: Prescription) -> dict[str, Any]:
    """The part that the row itself holds; `verify_signatures` compares it with what was signed."""
    product = row.product
    return {
        "prescription_id": row.ref,
        "medicine": {
            "id": product.ref,
            "name": product.name,
            "code": product.code,
            "gtin": product.gtin,
            "strength_mg": product.strength_mg,
            "lot_id": row.lot.ref,
            "lot_number": row.lot.number,
        },
        "amount": {"daily_mg": row.daily_mg, "capsules": row.capsules},
        "usage": {"doses_per_day": row.doses_per_day, "days": row.days, "way": "oral"},
        "route": row.route,
        "issued_on": str(row.issued_on),
        "valid_until": str(row.valid_until),
    }


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("Only a prescription with a day of issue can be signed.")
    return day
