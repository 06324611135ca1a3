"""A patient answers: starting, saving and discarding a draft; who reads it."""

import pytest

from backend.audit.models import AuditEntry
from backend.intake.models import IntakeResponse
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    UserFactory,
)
from tests.factories.care import physician_of
from tests.factories.intake import (
    ACNE_INTAKE,
    IntakeResponseFactory,
)

pytestmark = pytest.mark.django_db
PATH = "/v1/intake_responses"


@pytest.fixture
def patient():
    """She lives on the tenth of March 2026."""
    return PatientFactory(on_clock=True)


def pointers(answer):
    return [error["pointer"] for error in answer.json()["errors"]]


def test_a_draft_is_pinned_to_its_version_of_the_questions(patient):
    answer = Caller(patient).post(PATH, {"questionnaire": ACNE_INTAKE})

    assert answer.status_code == 201
    assert answer.json()["available_actions"] == ["save", "submit", "discard"]
    response = IntakeResponse.objects.get()
    assert (response.questionnaire, len(response.questionnaire_sha256)) == (ACNE_INTAKE, 64)


def test_a_patient_has_one_draft_at_a_time(patient):
    IntakeResponseFactory(patient=patient)
    IntakeResponseFactory(patient=PatientFactory())

    answer = Caller(patient).post(PATH, {"questionnaire": ACNE_INTAKE})

    assert (answer.status_code, answer.json()["code"]) == (409, "draft_exists")


def test_after_discarding_a_new_draft_can_be_started(patient):
    draft = IntakeResponseFactory(patient=patient)

    discarded = Caller(patient).post(f"{PATH}/{draft.ref}/discard", version=1)

    assert discarded.json()["status"] == "discarded"
    assert Caller(patient).post(PATH, {"questionnaire": ACNE_INTAKE}).status_code == 201


def test_an_unknown_questionnaire_is_not_found(patient):
    assert Caller(patient).post(PATH, {"questionnaire": "horoscope"}).status_code == 404


def test_somebody_who_is_no_patient_yet_answers_nothing():
    newcomer = UserFactory(role="patient")

    assert Caller(newcomer).post(PATH, {"questionnaire": ACNE_INTAKE}).status_code == 403


def test_answers_are_saved_bit_by_bit_and_taken_back(patient):
    draft = IntakeResponseFactory(patient=patient)
    caller = Caller(patient)

    caller.post(f"{PATH}/{draft.ref}/save", {"answers": {"severity": "mild"}}, version=1)
    changes = {"severity": None, "indication": "acne"}
    answer = caller.post(f"{PATH}/{draft.ref}/save", {"answers": changes}, version=2)

    assert answer.status_code == 200
    assert answer.json()["answers"] == {"indication": "acne"}
    assert "acne" not in str(AuditEntry.objects.last().content)


def test_two_devices_do_not_overwrite_each_other(patient):
    draft = IntakeResponseFactory(patient=patient)
    phone, laptop = Caller(patient), Caller(patient)

    first = phone.post(f"{PATH}/{draft.ref}/save", {"answers": {"severity": "mild"}}, version=1)
    second = laptop.post(f"{PATH}/{draft.ref}/save", {"answers": {"severity": "severe"}}, version=1)

    assert (first.status_code, second.status_code) == (200, 412)
    draft.refresh_from_db()
    assert draft.answers == {"severity": "mild"}


def test_an_answer_that_is_none_is_refused_and_nothing_is_saved(patient):
    draft = IntakeResponseFactory(patient=patient)
    wrong = {"severity": "awful", "indication": "acne"}

    answer = Caller(patient).post(f"{PATH}/{draft.ref}/save", {"answers": wrong}, version=1)

    assert (answer.status_code, pointers(answer)) == (422, ["/answers/severity"])
    draft.refresh_from_db()
    assert draft.answers == {}


def test_nothing_is_submitted_saved_or_discarded_twice(patient):
    done = IntakeResponseFactory(patient=patient, submitted=True)
    caller = Caller(patient)

    answers_ = [
        caller.post(f"{PATH}/{done.ref}/submit", version=1),
        caller.post(f"{PATH}/{done.ref}/save", {"answers": {"severity": "mild"}}, version=1),
        caller.post(f"{PATH}/{done.ref}/discard", version=1),
    ]

    assert [answer.status_code for answer in answers_] == [409, 409, 409]


def test_a_draft_is_the_patients_own_business(patient):
    draft = IntakeResponseFactory(patient=patient)
    submitted = IntakeResponseFactory(patient=patient, submitted=True)
    physician = physician_of(patient)

    assert Caller(physician).get(f"{PATH}/{draft.ref}").status_code == 404
    assert Caller(physician).get(f"{PATH}/{submitted.ref}").status_code == 200
    assert Caller(PatientFactory()).get(f"{PATH}/{draft.ref}").status_code == 404
    assert Caller(PhysicianFactory()).get(f"{PATH}/{submitted.ref}").status_code == 404


def test_the_clinic_lists_what_was_submitted_in_few_queries(patient, django_assert_max_num_queries):
    for _ in range(5):
        IntakeResponseFactory(patient=PatientFactory(clinic=patient.clinic), submitted=True)
    IntakeResponseFactory(patient=patient)
    IntakeResponseFactory(submitted=True)
    caller = Caller(AuditorFactory(clinic=patient.clinic))

    with django_assert_max_num_queries(6):
        listed = caller.get(PATH).json()["data"]

    assert len(listed) == 5
    administrator = AdministratorFactory(clinic=patient.clinic)
    assert Caller(administrator).get(PATH).status_code == 403


def test_a_physician_answers_for_nobody(patient):
    physician = PhysicianFactory(clinic=patient.clinic)

    assert Caller(physician).post(PATH, {"questionnaire": ACNE_INTAKE}).status_code == 403


def test_questionnaires_are_shown_in_the_readers_language(patient):
    japanese = Caller(patient, language="ja").get(f"/v1/questionnaires/{ACNE_INTAKE}").json()
    english = Caller(patient, language="en").get(f"/v1/questionnaires/{ACNE_INTAKE}").json()

    assert (japanese["language"], english["language"]) == ("ja", "en")
    assert japanese["title"] == "はじめての問診（にきび）"
    last = english["sections"][-1]["items"][-1]
    assert last["id"] == "phq_9"
    assert "hurting yourself" in last["text"]
    assert next(option["code"] for option in last["options"]) == "none"


def test_the_list_of_questionnaires_names_the_newest(patient):
    answer = Caller(patient).get("/v1/questionnaires").json()

    assert answer["data"] == [{"id": ACNE_INTAKE, "title": "First questions (acne)"}]
    assert (answer["has_more"], answer["next_cursor"]) == (False, None)
