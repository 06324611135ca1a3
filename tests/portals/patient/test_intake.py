"""The first questions: one section a page, saved at each step, read over, sent, answered."""

import pytest

from backend.intake.models import IntakeResponse
from backend.worklist.models import Task
from tests.factories import accounts
from tests.factories.intake import IS_MAN, IntakeResponseFactory, answers
from tests.portals.patient.answering import MOOD, SKIN, draft, saved, send
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return accounts.PatientFactory(on_clock=True)


@pytest.fixture
def reader(patient):
    return Reader(patient)


def test_beginning_makes_a_draft_and_opens_the_first_section(patient, reader):
    answer = reader.send("/me/intake")

    response = IntakeResponse.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/me/intake/skin")
    assert (response.patient_id, response.status) == (patient.id, "draft")


def test_without_a_draft_a_section_leads_to_the_beginning(reader):
    for path in ("/me/intake/skin", "/me/intake/review"):
        assert reader.get(path)["Location"] == "/me/intake"


def test_a_section_is_saved_and_the_next_one_opens(patient, reader):
    response = draft(patient)

    answer = send(reader, "skin", response, **SKIN)

    assert (answer.status_code, answer["Location"]) == (303, "/me/intake/health")
    assert saved(response) == {
        "indication": "acne",
        "severity": "severe",
        "scarring": True,
        "prior_treatment_failed": ["topical", "relapsed"],
    }


def test_saved_answers_are_there_when_the_patient_comes_back(patient, reader):
    response = draft(patient)
    send(reader, "skin", response, **SKIN)

    page = reader.get("/me/intake/skin").content.decode()

    assert 'name="severity" value="severe" checked' in page
    assert 'name="scarring" value="yes" checked' in page
    assert page.count(" checked") == 5


def test_going_on_asks_for_what_is_missing_and_keeps_the_rest(patient, reader):
    response = draft(patient)

    answer = send(reader, "skin", response, indication="acne", scarring="no")

    assert answer.status_code == 422
    assert 'href="#q_severity"' in answer.content.decode()
    assert saved(response) == {"indication": "acne", "scarring": False}


@pytest.mark.parametrize(("to", "where"), [("later", "/me/intake"), ("back", "/me/intake")])
def test_stopping_or_going_back_keeps_half_a_section(patient, reader, to, where):
    response = draft(patient)

    answer = send(reader, "skin", response, to=to, indication="acne")

    assert (answer.status_code, answer["Location"]) == (303, where)
    assert saved(response) == {"indication": "acne"}


def test_thoughts_of_death_show_whom_to_call_before_anything_is_sent(patient, reader):
    response = draft(patient)

    page = reader.get("/me/intake/mood").content.decode()
    send(reader, "mood", response, **{**MOOD, "phq_9": "several_days"})
    after = reader.get("/me/intake/review")

    assert 'name="phq_9" value="several_days" data-alarm' in page
    assert 'name="phq_9" value="none" data-alarm' not in page
    assert 'href="tel:0120279338"' in after.content.decode()
    assert f'href="tel:{patient.clinic.telephone}"' in after.content.decode()


def test_no_alarm_is_shown_where_there_is_none(patient, reader):
    draft(patient, **answers())

    assert "tel:0120279338" not in reader.get("/me/intake/review").content.decode()


def test_reading_over_shows_every_answer_in_words(patient, reader):
    draft(patient, **answers())

    shown = text_of(reader.get("/me/intake/review"))

    assert "Severe: many lumps, cysts or nodules" in shown
    assert "Combined pill, since 1 September 2025" in shown
    assert "Not answered yet" not in shown


def test_what_is_missing_keeps_the_button_away(patient, reader):
    response = draft(patient, **answers(severity=None))

    page = reader.get("/me/intake/review")
    answer = reader.send("/me/intake/review", version=response.version)

    assert "1 question still needs an answer." in text_of(page)
    assert 'aria-disabled="true"' in page.content.decode()
    assert answer.status_code == 422
    assert saved(response)
    assert response.status == "draft"


def test_sending_gives_safe_words_and_the_next_step(patient, reader):
    response = draft(patient, **answers(**IS_MAN))

    answer = reader.send("/me/intake/review", version=response.version)
    result = text_of(reader.get(answer["Location"]))

    response.refresh_from_db()
    assert answer["Location"] == f"/me/intake/result/{response.ref}"
    assert response.status == "submitted"
    assert "decided by the physician" in result or "talk some of your answers" in result
    assert "Book a visit" in result


def test_sending_thoughts_of_death_opens_a_task_and_says_that_the_clinic_calls(patient, reader):
    response = draft(patient, **answers(phq_9="several_days"))

    answer = reader.send("/me/intake/review", version=response.version)
    result = reader.get(answer["Location"])

    assert Task.objects.filter(patient=patient, kind="mood_risk").exists()
    assert "We will contact you today." in text_of(result)
    assert 'href="tel:119"' in result.content.decode()


def test_answers_can_be_thrown_away_and_begun_anew(patient, reader):
    response = draft(patient, **answers())

    answer = reader.send("/me/intake", do="discard", version=response.version)

    response.refresh_from_db()
    assert (answer.status_code, response.status) == (303, "discarded")


def test_after_sending_the_overview_leads_to_the_reply_and_to_new_answers(patient, reader):
    IntakeResponseFactory(patient=patient, submitted=True)

    shown = text_of(reader.get("/me/intake"))

    assert "Sent on" in shown
    assert "Answer again" in shown


def test_another_patients_reply_is_not_found(reader):
    theirs = IntakeResponseFactory(submitted=True)

    assert reader.get(f"/me/intake/result/{theirs.ref}").status_code == 404


def test_without_a_token_of_the_form_nothing_is_saved(patient, reader):
    response = draft(patient)

    answer = reader.client.post("/me/intake/skin", {**SKIN, "version": "1"})

    assert answer.status_code == 403
    assert saved(response) == {}


def test_the_pages_ask_little_of_the_database(patient, reader, django_assert_max_num_queries):
    draft(patient, **answers())
    sent = IntakeResponseFactory(patient=patient, submitted=True)

    for path in ("intake", "intake/health", "intake/review", f"intake/result/{sent.ref}"):
        with django_assert_max_num_queries(12):
            reader.get(f"/me/{path}")


def test_a_section_that_comes_after_all_was_thrown_away_is_said_to_be_lost(patient, reader):
    response = draft(patient)
    reader.send("/me/intake", do="discard", version=response.version)

    answer = reader.send("/me/intake/skin", on="/me/", version="2", to="next", **SKIN)

    assert (answer.status_code, answer["Location"]) == (303, "/me/intake")
    assert "what you typed last was not saved" in text_of(reader.get("/me/intake"))
