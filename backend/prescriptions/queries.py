"""Reads: who sees what, what the rules see, and whether what was signed still stands."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from backend import clock
from backend.accounts.models import Patient, Pharmacy, StaffMember
from backend.booking.queries import facts_about_visit
from backend.db import Row
from backend.intake.queries import facts_about as intake_facts
from backend.kernel.actor import Actor, Role
from backend.kernel.canonical import canonical
from backend.kernel.errors import Forbidden, NotFound
from backend.prescriptions import facts as ours
from backend.prescriptions.content import essentials
from backend.prescriptions.errors import no_such
from backend.prescriptions.models import Course, Decision, Prescription, Signature, SigningKey
from backend.prescriptions.rules import CLINICAL, CourseStatus, PrescriptionStatus, Route
from backend.prescriptions.signing import ALGORITHM, is_signed, key_id_of, public_key
from backend.protocol.assess import assess
from backend.protocol.case import Case
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Assessment
from backend.records.queries import facts_about as recorded_facts
from backend.rulebook.queries import in_force_for

AnyRow = TypeVar("AnyRow", bound=Row)


def courses_visible_to(actor: Actor) -> QuerySet[Course]:
    """A patient's own courses, or those of the clinic's patients; else none."""
    rows = Course.objects.select_related("patient__test_clock")
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(patient_id=actor.patient_id)
    if actor.role in CLINICAL and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def prescriptions_visible_to(actor: Actor) -> QuerySet[Prescription]:
    """What this actor may know to exist.

    A patient: own ones, but no drafts. Physicians, staff and auditors: those of the clinic. A
    pharmacy: approved ones of its clinic that its kind may dispense, and those it claimed
    itself, whatever became of them. Anybody else: none.
    """
    rows = Prescription.objects.select_related("patient__test_clock", "product", "lot")
    if actor.role is Role.PATIENT and actor.patient_id is not None:
        return rows.filter(patient_id=actor.patient_id).exclude(status=PrescriptionStatus.DRAFT)
    if actor.role is Role.PHARMACY_CLIENT and actor.pharmacy_id is not None:
        return rows.filter(_within_reach_of(Pharmacy.objects.get(id=actor.pharmacy_id)))
    if actor.role in CLINICAL and actor.clinic_id is not None:
        return rows.filter(clinic_id=actor.clinic_id)
    return rows.none()


def decisions_visible_to(actor: Actor) -> QuerySet[Decision]:
    """What was decided about the clinic's patients, for those who treat or audit; else none."""
    rows = Decision.objects.select_related("patient__test_clock")
    if actor.role in CLINICAL and actor.clinic_id is not None:
        return rows.filter(patient__clinic_id=actor.clinic_id)
    return rows.none()


def named(rows: QuerySet[AnyRow], key: UUID, name: str) -> AnyRow:
    """The row that a body names, among those the actor may see. Raises Invalid (400)."""
    found = rows.filter(id=key).first()
    if found is None:
        raise no_such(name)
    return found


def signature_of(row: Prescription) -> Signature:
    """The signature of a prescription. Raises NotFound (404) before it is approved."""
    found = Signature.objects.select_related("patient__test_clock", "key").filter(prescription=row)
    signature = found.first()
    if signature is None:
        raise NotFound()
    return signature


def signing_keys() -> list[dict[str, Any]]:
    """Every public key that was signed with, and the present one."""
    now = public_key()
    known = {now, *(bytes(key.public_key) for key in SigningKey.objects.all())}
    return [
        {
            "key_id": key_id_of(public),
            "algorithm": ALGORITHM,
            "public_key": base64.b64encode(public).decode(),
            "signs_now": public == now,
        }
        for public in known
    ]


def _within_reach_of(pharmacy: Pharmacy) -> Q:
    waiting = Q(
        clinic_id=pharmacy.clinic_id,
        status=PrescriptionStatus.APPROVED,
        route=route_of(pharmacy).value,
    )
    return waiting | Q(claimed_by=pharmacy)


def route_of(pharmacy: Pharmacy) -> Route:
    """The route that a pharmacy of this kind serves: the clinic's dispensary, or the others."""
    return Route.IN_HOUSE if pharmacy.kind == "clinic_dispensary" else Route.PHARMACY


def staff_of(actor: Actor) -> StaffMember:
    """The member of staff who acts. Raises Forbidden (403) for anybody else."""
    found = StaffMember.objects.filter(user_id=actor.user_id).first() if actor.user_id else None
    if found is None:
        raise Forbidden()
    return found


def prescriber_of(row: Prescription) -> StaffMember:
    """Who answers for a prescription: who approved it, before that who drafted it."""
    return StaffMember.objects.get(user_id=row.decided_by_id or row.created_by_id)


def facts_for(
    *,
    course: Course,
    prescription: Prescription | None = None,
    prescriber: StaffMember | None = None,
    at: datetime,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything known about a course (and a prescription) at `at`, in the words of the rules.

    `prescriber`: who would approve it; without one, who answers for the prescription. `extra` is
    laid over the rest section by section (`{"dispense": {"step": "claim"}}`). What nobody noted
    is absent: unknown.
    """
    patient = course.patient
    recorded = recorded_facts(patient, at=at, course_since=course.created_at)
    parts: list[Mapping[str, Any]] = [
        recorded,
        intake_facts(patient, at=at),
        ours.of_patient(patient),
    ]
    if prescription is not None:
        staff = prescriber or prescriber_of(prescription)
        parts += [
            facts_about_visit(prescription.visit),
            ours.of_prescription(prescription),
            ours.of_prescriber(staff, today=clock.civil_day(at, patient.zone)),
        ]
    parts.append(ours.of_course(course, before=prescription))
    parts.append(_previous(course, recorded.get("patient", {}).get("weights", [])))
    return ours.merged([*parts, extra or {}])


def _previous(course: Course, weights: Any) -> dict[str, Any]:
    if course.number == 1:
        return {}
    before = Course.objects.filter(
        patient_id=course.patient_id, number=course.number - 1, status=CourseStatus.ENDED
    ).first()
    return {"course": {"previous": ours.of_previous(before, weights)}} if before else {}


def assess_now(
    facts: Mapping[str, Any], purpose: str, patient: Patient, at: datetime
) -> tuple[Assessment, Case]:
    """The answer of the rules of the clinic's programme, by the pack in force on the patient's day.

    Raises BadFacts, NoSuchPack (422).
    """
    case = case_from_facts(facts, at)
    pack, activated = in_force_for(patient, at=at)
    return assess(case, pack, purpose, activated), case


def assess_prescription(
    row: Prescription, *, prescriber: StaffMember | None = None, at: datetime
) -> tuple[Assessment, Case]:
    """May this prescription be approved now, by this prescriber? Purpose `prescribe`."""
    facts = facts_for(course=row.course, prescription=row, prescriber=prescriber, at=at)
    return assess_now(facts, "prescribe", row.patient, at)


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """How many signatures were looked at, and what is wrong: (prescription, reason)."""

    checked: int
    wrong: tuple[tuple[str, str], ...]


def verify_signatures() -> SignatureReport:
    """Check every signed prescription: the key, the signature, and that the row still says it."""
    checked, wrong = 0, []
    rows = Signature.objects.select_related("prescription__product", "prescription__lot", "key")
    for row in rows.order_by("id").iterator(chunk_size=500):
        checked += 1
        reason = _what_is_wrong(row)
        if reason:
            wrong.append((row.prescription.ref, reason))
    return SignatureReport(checked, tuple(wrong))


def _what_is_wrong(row: Signature) -> str:
    content, public = bytes(row.content), bytes(row.key.public_key)
    if key_id_of(public) != row.key.key_id:
        return "key_does_not_fit_its_id"
    if not is_signed(content, bytes(row.signature), public):
        return "signature_does_not_fit"
    said, is_now = row.said, essentials(row.prescription)
    if canonical({name: said.get(name) for name in is_now}) != canonical(is_now):
        return "prescription_differs_from_what_was_signed"
    return ""
