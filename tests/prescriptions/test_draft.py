"""Drafting and changing a prescription."""

import pytest

from backend.booking.models import Visit
from backend.prescriptions.dosage import capsules_of
from backend.prescriptions.errors import CapsulesNotWhole
from backend.prescriptions.models import Prescription
from tests.callers import Caller
from tests.factories.accounts import StaffMemberFactory
from tests.factories.booking import VisitFactory
from tests.factories.formulary import LotFactory, ProductFactory
from tests.factories.prescriptions import CourseFactory, PrescriptionFactory
from tests.prescriptions.people import do, physician_for


@pytest.mark.parametrize(
    ("daily_mg", "days", "strength_mg", "capsules"),
    [(20, 30, 20, 30), (30, 30, 20, 45), (20, 30, 10, 60), (10, 7, 10, 7), (40, 1, 20, 2)],
)
def test_capsules_are_counted_whole(daily_mg, days, strength_mg, capsules):
    assert capsules_of(daily_mg, days, strength_mg) == capsules


@pytest.mark.parametrize(
    ("daily_mg", "days", "strength_mg"), [(30, 7, 20), (25, 30, 20), (20, 1, 30)]
)
def test_a_part_of_a_capsule_is_refused(daily_mg, days, strength_mg):
    with pytest.raises(CapsulesNotWhole):
        capsules_of(daily_mg, days, strength_mg)


@pytest.fixture
def course():
    return CourseFactory()


@pytest.fixture
def lot(course):
    return LotFactory(product__clinic=course.patient.clinic)


def body(course, lot, /, **changes):
    visit = Visit.objects.filter(patient=course.patient).first()
    visit = visit or VisitFactory(patient=course.patient, completed=True)
    return {
        "course": course.ref,
        "visit": visit.ref,
        "product": lot.product.ref,
        "lot": lot.ref,
        "daily_mg": 20,
        "days": 30,
        "doses_per_day": 1,
        "route": "in_house",
        **changes,
    }


def draft(course, asked, by=None):
    return Caller(by or physician_for(course)).post("/v1/prescriptions", asked)


@pytest.mark.django_db
def test_a_draft_is_kept_with_its_capsules(course, lot):
    physician = physician_for(course)

    answer = draft(course, body(course, lot), by=physician)

    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["status"], said["capsules"], said["priority"]) == ("draft", 30, "normal")
    assert said["available_actions"] == ["update", "submit", "cancel"]
    row = Prescription.objects.get()
    assert (row.patient, row.clinic) == (course.patient, course.patient.clinic)
    assert row.created_by == physician.user
    assert answer["Location"] == f"/v1/prescriptions/{row.ref}"


@pytest.mark.django_db
def test_capsules_that_are_not_whole_are_422(course, lot):
    answer = draft(course, body(course, lot, daily_mg=25))

    assert (answer.status_code, answer.json()["code"]) == (422, "capsules_not_whole")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("daily_mg", 0),
        ("daily_mg", -40),
        ("daily_mg", 201),
        ("daily_mg", 4000),
        ("daily_mg", "20"),
        ("daily_mg", 20.0),
        ("days", 0),
        ("days", 31),
        ("days", 112),
        ("doses_per_day", 3),
        ("route", "post"),
        ("capsules", 30),
        ("status", "approved"),
    ],
)
def test_a_body_that_is_not_well_formed_is_400(course, lot, name, value):
    answer = draft(course, body(course, lot, **{name: value}))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    assert not Prescription.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["visit", "product", "lot"])
def test_what_belongs_to_another_clinic_does_not_exist(course, lot, name):
    foreign = {
        "visit": lambda: VisitFactory(completed=True),
        "product": ProductFactory,
        "lot": LotFactory,
    }[name]()

    answer = draft(course, body(course, lot, **{name: foreign.ref}))

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"


@pytest.mark.django_db
def test_a_visit_of_another_patient_of_the_clinic_does_not_fit(course, lot):
    other = VisitFactory(patient__clinic=course.patient.clinic, completed=True)

    answer = draft(course, body(course, lot, visit=other.ref))

    assert answer.json()["errors"][0]["pointer"] == "/visit"


@pytest.mark.django_db
def test_a_course_of_another_clinic_does_not_exist(course, lot):
    stranger = physician_for(CourseFactory())

    answer = draft(course, body(course, lot), by=stranger)

    assert answer.json()["errors"][0]["pointer"] == "/course"


@pytest.mark.django_db
def test_the_lot_is_of_the_product_in_use_and_lasts(course, lot):
    clinic = course.patient.clinic
    others = LotFactory(product__clinic=clinic)
    recalled = LotFactory(product=lot.product, recalled=True)
    short = LotFactory(product=lot.product, expires_on="2026-04-07")

    for bad in (others, recalled, short):
        answer = draft(course, body(course, lot, lot=bad.ref))
        assert (answer.status_code, answer.json()["code"]) == (422, "lot_not_usable")


@pytest.mark.django_db
def test_one_open_prescription_per_course(course, lot):
    PrescriptionFactory(course=course, approved=True)

    answer = draft(course, body(course, lot))

    assert (answer.status_code, answer.json()["code"]) == (409, "prescription_already_open")


@pytest.mark.django_db
def test_the_next_supply_follows_a_dispensed_one(course, lot):
    PrescriptionFactory(course=course, dispensed=True)

    assert draft(course, body(course, lot)).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trait", "code"),
    [("halted", "course_halted"), ("ended", "course_not_open"), ("cancelled", "course_not_open")],
)
def test_nothing_is_drafted_on_a_course_that_does_not_go_on(trait, code):
    course = CourseFactory(**{trait: True})
    lot = LotFactory(product__clinic=course.patient.clinic)

    answer = draft(course, body(course, lot))

    assert (answer.status_code, answer.json()["code"]) == (409, code)


@pytest.mark.django_db
def test_only_a_physician_drafts(course, lot):
    staff = StaffMemberFactory(clinic=course.patient.clinic)

    for person in (staff, course.patient):
        assert draft(course, body(course, lot), by=person).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["draft", "returned"])
def test_a_draft_or_returned_prescription_is_changed_and_counted_again(trait):
    row = PrescriptionFactory(**{trait: True})
    asked = body(row.course, row.lot, daily_mg=40, priority="urgent")
    del asked["course"]

    answer = do(row, "update", asked, by=physician_for(row))

    assert answer.status_code == 200, answer.content
    assert (answer.json()["capsules"], answer.json()["priority"]) == (60, "urgent")
    assert answer.json()["version"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["in_review", "approved", "declined", "voided"])
def test_what_is_under_review_or_decided_is_not_edited(trait):
    row = PrescriptionFactory(**{trait: True})
    asked = body(row.course, row.lot, daily_mg=40)
    del asked["course"]

    answer = do(row, "update", asked, by=physician_for(row))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")
