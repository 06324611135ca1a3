"""Through the API: an activated pack answers at every question from its day on, and not before.

The clinic is in New York, the patient in Los Angeles: the pack's day is the patient's.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from backend.intake.models import IntakeResponse
from backend.prescriptions.queries import facts_for
from backend.prescriptions.steps.sign import sign_prescription
from backend.protocol.facts import case_from_facts, facts_of
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    ClinicFactory,
    PatientFactory,
    PharmacyFactory,
    PhysicianFactory,
)
from tests.factories.booking import VisitFactory
from tests.factories.care import physician_of
from tests.factories.followups import FollowedCourseFactory, answers, make_followed
from tests.factories.intake import IntakeResponseFactory
from tests.factories.intake import answers as intake_answers
from tests.factories.prescriptions import (
    CourseFactory,
    DecisionFactory,
    PrescriptionFactory,
    ready_prescription,
)
from tests.factories.records import MAN, OF_WOMEN, make_ready_patient
from tests.protocol.situations import WOMAN, given

pytestmark = pytest.mark.django_db
OLD, NEW = "us_ipledge_2023", "us_ipledge_2026"
MIDNIGHT = datetime(2026, 8, 20, 7, tzinfo=UTC)  # in Los Angeles
SECOND_BEFORE = MIDNIGHT - timedelta(seconds=1)
EDGES = pytest.mark.parametrize(("at", "pack"), [(SECOND_BEFORE, OLD), (MIDNIGHT, NEW)])


@pytest.fixture
def clinic():
    """It has activated the new pack for 20 August 2026, through the API."""
    clinic = ClinicFactory(programme="us", zone="America/New_York")
    administrator = Caller(AdministratorFactory(clinic=clinic))
    shown = administrator.get(f"/v1/protocol/packs/{NEW}").json()
    body = {
        "pack_version": shown["version"],
        "in_force_on": "2026-08-20",
        "reason": "The new REMS takes effect.",
        "physician": PhysicianFactory(clinic=clinic).ref,
        "lawyer": "Jane Roe",
        "sign_off_sha256": shown["sign_off_sha256"],
    }
    with time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False):
        answer = administrator.post("/v1/protocol/activations", body)
    assert answer.status_code == 201, answer.content
    return clinic


@pytest.fixture
def patient(clinic):
    return PatientFactory(clinic=clinic, zone="America/Los_Angeles")


def asking_about(patient):
    return Caller(physician_of(patient))


@EDGES
def test_at_intake(patient, at, pack):
    draft = IntakeResponseFactory(patient=patient, answers=intake_answers())

    with time_machine.travel(at, tick=False):
        answer = Caller(patient).post(f"/v1/intake_responses/{draft.ref}/submit", version=1)

    assert answer.status_code == 200, answer.content
    assert IntakeResponse.objects.get().pack == pack


@EDGES
def test_at_the_prescription(patient, at, pack):
    row = ready_prescription(patient=patient)

    with time_machine.travel(at, tick=False):
        answer = asking_about(patient).get(f"/v1/prescriptions/{row.ref}/assessment")

    assert (answer.status_code, answer.json()["pack"]) == (200, pack)


@EDGES
def test_at_the_check_in(patient, at, pack):
    asked = make_followed(at=at - timedelta(hours=1), patient=patient)

    with time_machine.travel(at, tick=False):
        path = f"/v1/check_ins/{asked.ref}"
        answer = Caller(patient).post(f"{path}/answer", answers(), version=1)
        shown = asking_about(patient).get(path).json()

    assert (answer.status_code, shown["pack"]) == (200, pack)


@EDGES
def test_at_the_second_course(patient, at, pack):
    course = FollowedCourseFactory(
        patient=patient, ended=True, started_on=date(2025, 10, 1), ended_on=date(2026, 4, 1)
    )
    body = {"decision": "decline", "iga": 3, "scarring": False, "reason": "Not yet."}

    with time_machine.travel(at, tick=False):
        answer = asking_about(patient).post(f"/v1/courses/{course.ref}/decide_second_course", body)

    assert (answer.status_code, answer.json()["pack"]) == (201, pack), answer.content


def approved(patient, *, at):
    """A man's prescription, approved on the facts of now, forty days after the visit."""
    make_ready_patient(at=at, patient=patient, said=MAN, without=(*OF_WOMEN, "tests"))
    visit = VisitFactory(completed=True, patient=patient, starts_at=at - timedelta(days=40))
    course = CourseFactory(patient=patient, created_by=visit.physician.user)
    row = PrescriptionFactory(course=course, visit=visit, in_review=True, route="pharmacy")
    facts = facts_for(course=course, prescription=row, at=at)
    decision = DecisionFactory(
        patient=patient,
        course=course,
        prescription=row,
        facts=facts_of(case_from_facts(facts, at)),
    )
    row.status, row.decided_by, row.decided_at = "approved", course.created_by, at
    row.issued_on, row.valid_until = date(2026, 8, 15), date(2026, 8, 30)
    row.save()
    with transaction.atomic():
        sign_prescription(row, decision=decision, prescriber=visit.physician, at=at)
    return row


@pytest.mark.parametrize(("at", "asked"), [(SECOND_BEFORE, True), (MIDNIGHT, False)])
def test_at_the_counter(patient, at, asked):
    """P-US-11, thirty days from the visit, is asked by the old pack only."""
    row = approved(patient, at=at)
    pharmacy = PharmacyFactory(clinic=patient.clinic, kind="community")

    with time_machine.travel(at, tick=False):
        path = f"/v1/prescriptions/{row.ref}/claim"
        answer = Caller(ApiClientFactory(pharmacy=pharmacy)).post(path, version=row.version)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "dispensing_not_clear"), problem
    assert ("P-US-11" in {finding["rule"] for finding in problem["findings"]}) == asked


def what_if(caller, at, pack):
    question = {"pack": pack, "purpose": "prescribe", "now": at.isoformat()}
    facts = given(WOMAN, {"patient.zone": "America/Los_Angeles"})
    answer = caller.post("/v1/protocol/assessments", {**question, "facts": facts})
    assert answer.status_code == 200, answer.content
    return answer.json()


@EDGES
def test_at_a_what_if_question_for_the_programme(patient, at, pack):
    answer = what_if(asking_about(patient), at, "us")

    assert (answer["pack"], answer["in_force"]) == (pack, True)


@EDGES
def test_a_pack_named_by_its_id_says_whether_it_is_in_force(patient, at, pack):
    physician = asking_about(patient)

    in_force = [name for name in (OLD, NEW) if what_if(physician, at, name)["in_force"]]

    assert in_force == [pack]


def test_at_a_what_if_question_of_another_clinic_the_activation_means_nothing(patient):
    elsewhere = ClinicFactory(programme="us", zone="America/New_York")

    answer = what_if(Caller(PhysicianFactory(clinic=elsewhere)), MIDNIGHT, "us")

    assert answer["pack"] == OLD
