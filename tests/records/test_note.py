"""Noting facts: who may, what is refused, what is left behind."""

from datetime import UTC, datetime

import pytest

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.records.models import PregnancyTest, Statement, Weight
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.care import treats
from tests.factories.records import (
    LabResultFactory,
    PhqScoreFactory,
    PregnancyTestFactory,
    StatementFactory,
    WeightFactory,
)

pytestmark = pytest.mark.django_db
MARCH_10_NOON_IN_TOKYO = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.fixture
def physician():
    return PhysicianFactory()


@pytest.fixture
def patient(physician):
    """She lives on the tenth of March 2026, at noon in Tokyo; the physician treats her."""
    patient = PatientFactory(
        clinic=physician.clinic, on_clock=True, test_clock__frozen_at=MARCH_10_NOON_IN_TOKYO
    )
    treats(physician, patient)
    return patient


def weight(patient, **changes):
    return {"patient": patient.ref, "kg": "52.0", "taken_on": "2026-03-10", **changes}


def home_test(patient, **changes):
    return {
        "patient": patient.ref,
        "taken_on": "2026-03-09",
        "result": "negative",
        "setting": "home",
        **changes,
    }


def lab(patient, **changes):
    return {
        "patient": patient.ref,
        "analyte": "alt",
        "value": "22",
        "unit": "U/L",
        "uln": "40",
        "taken_on": "2026-03-02",
        **changes,
    }


def errors_of(answer):
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_a_physician_notes_a_weight_and_it_is_recorded(physician, patient):
    answer = Caller(physician).post("/v1/weights", weight(patient))

    assert answer.status_code == 201
    assert answer.json()["kg"] == "52.0"
    assert answer.json()["available_actions"] == ["retract"]
    assert answer["Location"].endswith(f"/v1/weights/{answer.json()['id']}")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.patient_ref) == ("weight.note", patient.ref)
    assert entry.facts == {"kg": "52.0", "taken_on": "2026-03-10"}


def test_the_day_of_noting_is_the_day_where_the_patient_lives(physician):
    late = datetime(2026, 3, 10, 16, tzinfo=UTC)  # the 11th in Tokyo
    patient = PatientFactory(clinic=physician.clinic, on_clock=True, test_clock__frozen_at=late)
    treats(physician, patient)

    answer = Caller(physician).post("/v1/weights", weight(patient, taken_on="2026-03-11"))

    assert answer.status_code == 201
    assert Weight.objects.get().noted_on.isoformat() == "2026-03-11"


@pytest.mark.parametrize(("path", "body"), [("weights", weight), ("lab_results", lab)])
def test_x_06_a_date_in_the_future_is_refused(physician, patient, path, body):
    answer = Caller(physician).post(f"/v1/{path}", body(patient, taken_on="2026-03-11"))

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_fact")
    assert errors_of(answer) == [("/taken_on", "date_in_future")]


@pytest.mark.parametrize(
    ("kg", "status"), [("19.9", 422), ("20", 201), ("300", 201), ("300.1", 422)]
)
def test_a_weight_is_from_20_to_300_kg(physician, patient, kg, status):
    answer = Caller(physician).post("/v1/weights", weight(patient, kg=kg))

    assert answer.status_code == status
    assert Weight.objects.count() == (status == 201)


def test_a_unit_of_another_analyte_is_refused(physician, patient):
    answer = Caller(physician).post("/v1/lab_results", lab(patient, unit="mg/dL"))

    assert answer.status_code == 422
    assert errors_of(answer) == [("/unit", "unknown_code")]


@pytest.mark.parametrize("value", ["0", "-1", "1000000"])
def test_a_laboratory_value_that_nobody_measures_is_refused(physician, patient, value):
    answer = Caller(physician).post("/v1/lab_results", lab(patient, value=value))

    assert answer.status_code == 422
    assert errors_of(answer) == [("/value", "out_of_range")]


def test_a_laboratory_result_is_announced_without_saying_what_it_says(physician, patient):
    answer = Caller(physician).post("/v1/lab_results", lab(patient))

    event = OutboxEvent.objects.get()
    assert event.type == "records.lab_result.noted"
    assert event.payload == {"result_id": answer.json()["id"], "patient_id": patient.ref}


def test_a_phq_score_says_something(physician, patient):
    body = {"patient": patient.ref, "taken_on": "2026-03-10"}

    answer = Caller(physician).post("/v1/phq_scores", body)

    assert answer.status_code == 422
    assert errors_of(answer) == [("", "empty")]


@pytest.mark.parametrize("scores", [{"phq2": 7}, {"phq9": 28}, {"item9": 4}, {"item9": -1}])
def test_a_phq_score_outside_its_scale_is_malformed(physician, patient, scores):
    body = {"patient": patient.ref, "taken_on": "2026-03-10", **scores}

    assert Caller(physician).post("/v1/phq_scores", body).status_code == 400


def test_a_statement_is_noted_in_the_words_of_the_protocol(physician, patient):
    said = {"methods": [{"code": "iud_copper", "since": "2025-01-05"}], "abstinence": False}

    answer = Caller(physician).post(
        "/v1/statements", {"patient": patient.ref, "topic": "contraception", "value": said}
    )

    assert answer.status_code == 201
    assert Statement.objects.get().value == said
    assert "iud" not in str(AuditEntry.objects.get().content)


@pytest.mark.parametrize(
    ("topic", "value", "pointer"),
    [
        ("medicines", {"medicines": [{"code": "aspirin"}]}, "/value/medicines/0/code"),
        ("medicines", {"medicines": [{"text": "white pill"}]}, "/value/medicines/0/code"),
        ("pregnancy", {"pregnant": "no"}, "/value/pregnant"),
        ("pregnancy", {"breastfeeding": False}, "/value/breastfeeding"),
        ("pregnancy", {}, "/value"),
        ("pregnancy", {"pregnant": None}, "/value"),
        ("procedures", {"procedures": [{"kind": "lasik"}]}, "/value/procedures/0/on"),
        ("conditions", {"conditions": ["ibd"] * 61}, "/value/conditions"),
        ("checkin", {"items": {"lips": 5}}, "/value/items/lips"),
    ],
)
def test_a_statement_outside_the_vocabulary_is_refused(physician, patient, topic, value, pointer):
    body = {"patient": patient.ref, "topic": topic, "value": value}

    answer = Caller(physician).post("/v1/statements", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_fact")
    assert errors_of(answer)[0][0] == pointer


def test_a_patient_reports_her_home_test(patient):
    answer = Caller(patient).post("/v1/pregnancy_tests", home_test(patient))

    assert answer.status_code == 201
    assert PregnancyTest.objects.get().setting == "home"
    assert OutboxEvent.objects.get().type == "records.pregnancy_test.noted"


def test_p_jp_06_that_a_home_test_is_coded_is_for_clinical_staff_to_say(patient):
    body, staff = home_test(patient, coded=True), StaffMemberFactory(clinic=patient.clinic)

    by_patient = Caller(patient).post("/v1/pregnancy_tests", body)
    by_staff = Caller(staff).post("/v1/pregnancy_tests", body)

    assert (by_patient.status_code, by_patient.json()["code"]) == (422, "code_is_checked_by_clinic")
    assert by_staff.status_code == 201
    assert PregnancyTest.objects.get().coded


@pytest.mark.parametrize("setting", ["laboratory", "clinic", "remote_supervised"])
def test_a_patient_reports_no_other_test(patient, setting):
    answer = Caller(patient).post("/v1/pregnancy_tests", home_test(patient, setting=setting))

    assert (answer.status_code, answer.json()["code"]) == (422, "patient_reports_home_tests_only")
    assert PregnancyTest.objects.count() == 0
    assert AuditEntry.objects.get().outcome == "refused"


@pytest.mark.parametrize(("path", "body"), [("weights", weight), ("lab_results", lab)])
def test_a_patient_notes_nothing_else(patient, path, body):
    assert Caller(patient).post(f"/v1/{path}", body(patient)).status_code == 403


def test_clinic_staff_note_results(patient):
    staff = StaffMemberFactory(clinic=patient.clinic)

    answer = Caller(staff).post("/v1/pregnancy_tests", home_test(patient, setting="laboratory"))

    assert answer.status_code == 201


def test_somebody_elses_patient_is_a_patient_who_does_not_exist(physician, patient):
    stranger = PatientFactory()

    by_physician = Caller(physician).post("/v1/weights", weight(stranger))
    by_patient = Caller(patient).post("/v1/pregnancy_tests", home_test(stranger))

    assert (by_physician.status_code, by_patient.status_code) == (404, 404)
    assert Weight.objects.count() == PregnancyTest.objects.count() == 0


def test_each_sees_what_is_theirs_to_see(physician, patient):
    mine = WeightFactory(patient=patient)
    WeightFactory()  # of another clinic
    WeightFactory(patient=PatientFactory(clinic=physician.clinic))  # whom the physician never saw

    def refs(who, **query):
        return [row["id"] for row in Caller(who).get("/v1/weights", **query).json()["data"]]

    assert refs(patient) == [mine.ref]
    assert refs(physician) == [mine.ref]
    assert refs(physician, patient=patient.ref) == [mine.ref]
    assert len(refs(AuditorFactory(clinic=physician.clinic))) == 2
    assert refs(AuditorFactory()) == []
    administrator = AdministratorFactory(clinic=physician.clinic)
    assert Caller(administrator).get("/v1/weights").status_code == 403


def test_a_fact_of_another_clinic_is_not_found(physician):
    foreign = WeightFactory()

    assert Caller(physician).get(f"/v1/weights/{foreign.ref}").status_code == 404


MAKE = {
    "weights": WeightFactory,
    "pregnancy_tests": PregnancyTestFactory,
    "lab_results": LabResultFactory,
    "phq_scores": PhqScoreFactory,
    "statements": StatementFactory,
}


@pytest.mark.parametrize("path", MAKE)
def test_a_list_asks_few_queries_however_many_patients_it_shows(
    physician, path, django_assert_max_num_queries
):
    for _ in range(6):
        patient = PatientFactory(clinic=physician.clinic)
        treats(physician, patient)
        MAKE[path](patient=patient)
    caller = Caller(physician)

    with django_assert_max_num_queries(6):
        assert len(caller.get(f"/v1/{path}").json()["data"]) == 6
