"""Who sees which prescriptions, and what of them."""

import pytest

from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PharmacyFactory,
    StaffMemberFactory,
)
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory
from tests.prescriptions.people import physician_for

pytestmark = pytest.mark.django_db
OF_THE_REVIEW = {"priority", "submitted_at", "decline_reason", "return_reason", "return_note"}


def seen_by(who, **filters):
    return [row["id"] for row in Caller(who).get("/v1/prescriptions", **filters).json()["data"]]


def test_a_body_that_names_what_is_anothers_leaves_an_entry():
    course, theirs = CourseFactory(), PrescriptionFactory()
    physician = physician_for(course)
    names = {"course": course, "visit": theirs.visit, "product": theirs.product, "lot": theirs.lot}
    body = {"daily_mg": 20, "days": 30, "doses_per_day": 1, "route": "in_house"}
    body |= {name: row.ref for name, row in names.items()}

    answer = Caller(physician).post("/v1/prescriptions", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "not_found"
    entry = AuditEntry.objects.get(action="prescription.draft", outcome="refused")
    assert (entry.actor, entry.facts["status"]) == (physician.user.actor.label, "400")


def test_the_clinics_people_see_its_prescriptions_and_no_others():
    row = PrescriptionFactory(in_review=True)
    PrescriptionFactory(in_review=True)

    for person in (
        physician_for(row),
        StaffMemberFactory(clinic=row.clinic),
        AuditorFactory(clinic=row.clinic),
    ):
        assert seen_by(person) == [row.ref]
    assert Caller(AdministratorFactory(clinic=row.clinic)).get("/v1/prescriptions").status_code == (
        403
    )


def test_a_patient_sees_own_ones_but_no_drafts():
    patient = PatientFactory(on_clock=True)
    draft = PrescriptionFactory(course__patient=patient)
    voided = PrescriptionFactory(course=draft.course, voided=True)
    PrescriptionFactory(approved=True)

    assert seen_by(patient) == [voided.ref]
    assert Caller(patient).get(f"/v1/prescriptions/{draft.ref}").status_code == 404
    seen = Caller(patient).get(f"/v1/prescriptions/{voided.ref}").json()
    assert seen["available_actions"] == []
    assert not set(seen) & {"priority", "return_note", "return_reason", "decline_reason"}


def test_another_patient_gets_the_answer_of_nothing():
    row = PrescriptionFactory(approved=True)
    stranger = Caller(PatientFactory())
    missing = "rx_01jq0000000000000000000000"

    foreign = stranger.get(f"/v1/prescriptions/{row.ref}")
    nothing = stranger.get(f"/v1/prescriptions/{missing}")

    assert foreign.status_code == nothing.status_code == 404
    same = foreign.json() | {"instance": "", "request_id": ""}
    assert same == nothing.json() | {"instance": "", "request_id": ""}


@pytest.mark.parametrize(
    ("kind", "route", "sees"),
    [
        ("clinic_dispensary", "in_house", True),
        ("clinic_dispensary", "pharmacy", False),
        ("community", "in_house", False),
        ("community", "pharmacy", True),
        ("mail_order", "pharmacy", True),
    ],
)
def test_a_pharmacy_sees_approved_ones_whose_route_it_serves(kind, route, sees):
    row = PrescriptionFactory(approved=True, route=route)
    client = ApiClientFactory(pharmacy=PharmacyFactory(clinic=row.clinic, kind=kind))

    assert seen_by(client) == ([row.ref] if sees else [])


@pytest.mark.parametrize(
    "trait", ["draft", "in_review", "returned", "declined", "cancelled", "voided", "expired"]
)
def test_a_pharmacy_sees_nothing_that_never_waited_for_it(trait):
    row = PrescriptionFactory(**{trait: True})

    assert seen_by(ApiClientFactory(pharmacy__clinic=row.clinic)) == []


@pytest.mark.parametrize("trait", ["claimed", "partially_dispensed", "dispensed", "rejected"])
def test_a_pharmacy_keeps_seeing_what_it_claimed_and_others_do_not(trait):
    row = PrescriptionFactory(**{trait: True})
    own = ApiClientFactory(pharmacy=row.claimed_by)
    other = ApiClientFactory(pharmacy__clinic=row.clinic)

    assert seen_by(own) == [row.ref]
    assert seen_by(other) == []


def test_a_pharmacy_reads_what_it_needs_and_nothing_of_the_review():
    row = PrescriptionFactory(approved=True)

    seen = (
        Caller(ApiClientFactory(pharmacy__clinic=row.clinic))
        .get(f"/v1/prescriptions/{row.ref}")
        .json()
    )

    assert not set(seen) & (OF_THE_REVIEW | {"visit", "decline_text_ja", "decline_text_en"})
    assert (seen["patient_name"], seen["patient_birth_on"]) == ("山田 花子", "2001-06-15")
    assert (seen["capsules"], seen["lot_number"]) == (30, row.lot.number)
    assert seen["available_actions"] == ["claim"]


def test_courses_are_seen_by_the_patient_and_the_clinic_and_by_no_pharmacy():
    course = CourseFactory()
    CourseFactory()

    for person in (course.patient, physician_for(course)):
        found = Caller(person).get("/v1/courses").json()["data"]
        assert [row["id"] for row in found] == [course.ref]
    client = ApiClientFactory(pharmacy__clinic=course.patient.clinic)
    assert Caller(client).get("/v1/courses").status_code == 403


def test_lists_are_narrowed_by_declared_filters_only():
    row = PrescriptionFactory(approved=True)
    PrescriptionFactory(course__patient__clinic=row.clinic)
    physician = physician_for(row)

    assert seen_by(physician, patient=row.patient.ref) == [row.ref]
    assert seen_by(physician, course=row.course.ref) == [row.ref]
    assert seen_by(physician, status="approved") == [row.ref]
    for strange in ({"status": "lost"}, {"ordering": "daily_mg"}, {"patient": "1"}):
        assert Caller(physician).get("/v1/prescriptions", **strange).status_code == 400
