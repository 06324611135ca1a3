"""The first questions: one section a page, saved at each step, read over, sent, answered."""

from datetime import date

import pytest

from backend.intake.models import IntakeResponse
from backend.intake.questionnaire import questionnaire
from backend.worklist.models import Task
from tests.factories import accounts
from tests.factories.intake import ACNE_INTAKE, IS_MAN, IntakeResponseFactory, answers
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
SKIN = {
    "indication": "acne",
    "severity": "severe",
    "scarring": "yes",
    "prior_treatment_failed": ["topical", "relapsed"],
}
HEALTH = {
    "conditions.none": "yes",
    "family_history.none": "yes",
    "allergies": "soya",
    "procedures.none": "yes",
    "activities": ["contact_lenses"],
}
MOOD = {f"phq_{number}": "none" for number in range(1, 10)}


@pytest.fixture
def patient():
    return accounts.PatientFactory(on_clock=True)


@pytest.fixture
def reader(patient):
    return Reader(patient)


def draft(patient, **saved):
    return IntakeResponseFactory(patient=patient, answers=saved)


def saved(response):
    response.refresh_from_db()
    return response.answers


def send(reader, section, response, to="next", **fields):
    response.refresh_from_db()
    return reader.send(f"/me/intake/{section}", version=response.version, to=to, **fields)


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


def test_a_question_that_is_not_asked_any_more_loses_its_answer(patient, reader):
    response = draft(patient, indication="acne", severity="mild", scarring=False)

    answer = send(
        reader,
        "skin",
        response,
        indication="rosacea",
        severity="mild",
        **{"prior_treatment_failed.none": "yes"},
    )

    assert answer.status_code == 303
    assert saved(response) == {"indication": "rosacea", "prior_treatment_failed": []}


def test_none_of_these_and_something_contradict_each_other(patient, reader):
    response = draft(patient)

    answer = send(reader, "health", response, **{**HEALTH, "allergies.none": "yes"})

    assert answer.status_code == 422
    assert "You chose “none”, and something else as well." in text_of(answer)
    assert "allergies" not in saved(response)
    assert saved(response)["conditions"] == []


def test_procedures_have_their_days_past_and_planned(patient, reader):
    response = draft(patient)
    typed = {key: value for key, value in HEALTH.items() if key != "procedures.none"}
    days = {"procedures.waxing.past": "2026-02-01", "procedures.waxing.next": "2026-04-01"}

    answer = send(reader, "health", response, procedures="waxing", **typed, **days)

    page = reader.get("/me/intake/health").content.decode()
    assert answer.status_code == 303
    assert saved(response)["procedures"] == [
        {"kind": "waxing", "on": "2026-02-01"},
        {"kind": "waxing", "on": "2026-04-01"},
    ]
    assert 'name="procedures.waxing.past" value="2026-02-01"' in page
    assert 'name="procedures.waxing.next" value="2026-04-01"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"procedures": "waxing"}, "Please say when it was"),
        ({"procedures": "waxing", "procedures.waxing.past": "2027-01-01"}, "still to come"),
        ({"procedures": "waxing", "procedures.waxing.past": "last year"}, "write the date"),
        ({}, "choose what applies"),
    ],
)
def test_a_procedure_without_its_day_is_asked_for_it(patient, reader, typed, said):
    response = draft(patient)
    rest = {key: value for key, value in HEALTH.items() if key != "procedures.none"}

    answer = send(reader, "health", response, **rest, **typed)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_medicines_are_taken_by_the_names_that_patients_write(patient, reader):
    response = draft(patient)
    typed = {
        "medicines.0.text": "ビブラマイシン錠100mg",
        "medicines.2.text": "母の漢方",
        "medicines.2.stopped_on": "2026-03-01",
        "isotretinoin_bought": "no",
        "vitamin_a": "stopped",
        "vitamin_a.stopped_on": "2026-02-10",
        "topical_retinoid": "yes",
    }

    answer = send(reader, "medicines", response, **typed)

    assert answer.status_code == 303
    assert saved(response)["medicines"] == [
        {"text": "ビブラマイシン錠100mg"},
        {"text": "母の漢方", "stopped_on": "2026-03-01"},
    ]
    assert saved(response)["vitamin_a"] == {"taken": True, "stopped_on": "2026-02-10"}
    assert saved(response)["topical_retinoid"] == {"taken": True}
    review = text_of(reader.get("/me/intake/review"))
    assert "母の漢方, stopped on" in review
    assert "the physician looks at this name" in review


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"vitamin_a": "stopped"}, "Please say when you stopped."),
        ({"medicines.0.stopped_on": "2026-03-01"}, "write the name of the medicine"),
        ({"medicines.0.text": "x", "medicines.none": "yes"}, "You chose “none”"),
    ],
)
def test_half_an_answer_about_medicines_is_asked_for_the_rest(patient, reader, typed, said):
    response = draft(patient)

    answer = send(reader, "medicines", response, **typed)

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_what_was_typed_wrongly_is_still_there(patient, reader):
    response = draft(patient)

    answer = send(reader, "medicines", response, **{"medicines.0.stopped_on": "2026-03-01"})

    assert 'name="medicines.0.stopped_on" type="date" value="2026-03-01"' in answer.content.decode()


def test_an_adult_is_not_asked_what_minors_are(patient, reader):
    minor = accounts.PatientFactory(
        clinic=patient.clinic, test_clock=patient.test_clock, birth_on=date(2010, 1, 1)
    )
    draft(patient)
    draft(minor)

    assert reader.get("/me/intake/under_18").status_code == 404
    assert "Part 5 of 6" in text_of(Reader(minor).get("/me/intake/under_18"))


def test_two_devices_do_not_overwrite_each_other_silently(patient, reader):
    response = draft(patient)
    send(reader, "skin", response, **SKIN)

    answer = reader.send(
        "/me/intake/skin", version=1, to="next", **{**SKIN, "severity": "moderate"}
    )

    page = answer.content.decode()
    assert answer.status_code == 412
    assert "You answered on another device, too" in text_of(answer)
    assert 'name="severity" value="moderate" checked' in page
    assert 'name="version" value="2"' in page
    assert saved(response)["severity"] == "severe"


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
    assert "Combined pill, since Sept. 1, 2025" in shown
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


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_question_is_on_its_page_in_the_readers_language(patient, language):
    minor = accounts.PatientFactory(
        clinic=patient.clinic, test_clock=patient.test_clock, birth_on=date(2010, 1, 1)
    )
    draft(minor)
    reader = Reader(minor, language=language)

    for section in questionnaire(ACNE_INTAKE).sections:
        shown = text_of(reader.get(f"/me/intake/{section.id}"))
        for item in section.items:
            assert item.text.in_language(language) in shown
            for option in item.options:
                assert option.text.in_language(language) in shown


def test_the_pages_ask_little_of_the_database(patient, reader, django_assert_max_num_queries):
    draft(patient, **answers())
    sent = IntakeResponseFactory(patient=patient, submitted=True)

    for path in ("intake", "intake/health", "intake/review", f"intake/result/{sent.ref}"):
        with django_assert_max_num_queries(12):
            reader.get(f"/me/{path}")
