"""Free times of a physician as a patient sees them, and what becomes of choosing one."""

from datetime import timedelta

import pytest

from backend.booking.models import Visit
from tests.factories import accounts
from tests.factories.booking import NOW, SLOT, AvailabilityRuleFactory, VisitFactory
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
NINE = "2026-03-12T00:00:00Z"


@pytest.fixture
def patient():
    return accounts.PatientFactory(on_clock=True)


@pytest.fixture
def physician(patient):
    physician = accounts.PhysicianFactory(clinic=patient.clinic)
    AvailabilityRuleFactory(physician=physician)
    return physician


def hold(reader, physician, starts_at=NINE, **more):
    return reader.send("/me/slots", physician=physician.ref, starts_at=starts_at, **more)


def test_free_times_stand_under_their_day_in_the_patients_zone(patient, physician):
    shown = text_of(Reader(patient, language="ja").get("/me/slots"))

    assert "3月12日（木）" in shown
    assert "9:00" in shown
    assert "11:30" in shown
    assert "日本（東京）" in shown


def test_a_patient_abroad_reads_the_times_of_where_she_lives(physician, patient):
    abroad = accounts.PatientFactory(
        clinic=patient.clinic, test_clock=patient.test_clock, zone="America/New_York"
    )

    shown = text_of(Reader(abroad).get("/me/slots"))

    assert "Wednesday, 11 March" in shown
    assert "20:00" in shown


def test_a_taken_time_is_not_offered(patient, physician):
    VisitFactory(physician=physician, patient=accounts.PatientFactory(clinic=patient.clinic))

    page = Reader(patient).get("/me/slots").content.decode()

    assert NINE not in page
    assert "2026-03-12T00:30:00Z" in page


def test_a_day_without_free_times_names_the_next_one_that_has_some(patient, physician):
    answer = Reader(patient, language="en").client.get("/me/slots", {"from": "2026-03-13"})

    shown = text_of(answer)
    assert "Nothing is free on" in shown
    assert "Thursday, 19 March" in shown


def test_more_days_follow_on_request(patient, physician):
    reader = Reader(patient)

    first = reader.get("/me/slots").content.decode()

    assert "from=2026-04-09" in first
    assert "Thursday, 9 April" in text_of(reader.client.get("/me/slots", {"from": "2026-04-09"}))


@pytest.mark.parametrize("nonsense", ["yesterday", "2026-13-40", "9999-12-31", "1900-01-01"])
def test_an_odd_day_in_the_address_shows_the_days_from_now_on(patient, physician, nonsense):
    answer = Reader(patient).client.get("/me/slots", {"from": nonsense})

    assert answer.status_code == 200
    assert "Thursday, 12 March" in text_of(answer)


def test_nothing_free_for_a_month_says_whom_to_call(patient):
    accounts.PhysicianFactory(clinic=patient.clinic)

    shown = text_of(Reader(patient).get("/me/slots"))

    assert "Nothing is free in the coming month" in shown
    assert patient.clinic.telephone in shown


def test_choosing_a_time_holds_it_and_shows_until_when(patient, physician):
    reader = Reader(patient)

    answer = hold(reader, physician)

    visit = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/me/visits/{visit.ref}")
    assert (visit.status, visit.starts_at) == ("held", SLOT)
    assert "Held for you until 12:10" in text_of(reader.get(answer["Location"]))
    assert "You are holding" in text_of(reader.get("/me/slots"))


def test_when_somebody_was_faster_the_page_says_so_and_shows_what_is_left(patient, physician):
    VisitFactory(physician=physician, patient=accounts.PatientFactory(clinic=patient.clinic))

    answer = hold(Reader(patient), physician)

    assert answer.status_code == 409
    assert "a moment faster" in text_of(answer)
    assert "2026-03-12T00:30:00Z" in answer.content.decode()
    assert not Visit.objects.filter(patient=patient).exists()


@pytest.mark.parametrize(
    ("starts_at", "status"),
    [("2026-03-12T00:10:00Z", 422), ("soon", 400), ("2026-03-12T00:00:00", 400)],
)
def test_a_time_that_is_not_offered_is_refused_in_words(patient, physician, starts_at, status):
    answer = hold(Reader(patient), physician, starts_at=starts_at)

    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()


def test_with_three_open_visits_a_fourth_is_refused_with_a_way_out(patient, physician):
    for days in (7, 14, 21):
        VisitFactory(patient=patient, physician=physician, starts_at=SLOT + timedelta(days=days))

    answer = hold(Reader(patient), physician)

    assert answer.status_code == 409
    assert "Cancel one that you do not need" in text_of(answer)


def test_without_a_token_of_the_form_nothing_is_held(patient, physician):
    body = {"physician": physician.ref, "starts_at": NINE}

    answer = Reader(patient).client.post("/me/slots", body)

    assert answer.status_code == 403
    assert not Visit.objects.exists()


def test_a_physician_of_another_clinic_is_not_shown(patient, physician):
    stranger = accounts.PhysicianFactory(name="他院 医師")
    AvailabilityRuleFactory(physician=stranger)

    answer = Reader(patient).client.get("/me/slots", {"physician": stranger.ref})

    assert stranger.name not in text_of(answer)
    assert physician.name in text_of(answer)


def test_the_page_of_many_times_asks_little_of_the_database(
    patient, physician, django_assert_max_num_queries
):
    for weekday in (1, 2, 3, 5):
        AvailabilityRuleFactory(physician=physician, weekday=weekday)
    other = accounts.PhysicianFactory(clinic=patient.clinic)
    AvailabilityRuleFactory(physician=other)
    VisitFactory(patient=patient, physician=other, held=True, starts_at=SLOT + timedelta(days=7))
    reader = Reader(patient)

    with django_assert_max_num_queries(12):
        answer = reader.get("/me/slots")

    assert "You are holding" in text_of(answer)
    assert NOW < SLOT
