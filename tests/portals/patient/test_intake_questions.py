"""Each kind of question: what may be typed, what is asked again, and what is never lost."""

from datetime import date

import pytest

from backend.intake.questionnaire import questionnaire
from tests.factories import accounts
from tests.factories.intake import ACNE_INTAKE
from tests.portals.patient.answering import HEALTH, SKIN, draft, saved, send
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return accounts.PatientFactory(on_clock=True)


@pytest.fixture
def reader(patient):
    return Reader(patient)


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
