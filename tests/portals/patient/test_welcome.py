"""A new account makes its profile: what is asked, what is refused, what comes of it."""

import pytest

from backend.accounts.models import Patient
from tests.factories import accounts
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "山田 花子",
    "name_kana": "ヤマダ ハナコ",
    "birth_on_year": "2001",
    "birth_on_month": "6",
    "birth_on_day": "15",
    "zone": "Asia/Tokyo",
    "language": "ja",
    "telephone": "",
}


@pytest.fixture
def clinic():
    return accounts.ClinicFactory()


@pytest.fixture
def newcomer():
    return accounts.UserFactory()


def test_the_only_clinic_is_named_and_chosen(newcomer, clinic):
    answer = Reader(newcomer, language="ja").get("/me/welcome")

    assert clinic.name in text_of(answer)
    assert f'value="{clinic.ref}"' in answer.content.decode()


def test_among_several_clinics_one_is_chosen(newcomer, clinic):
    other = accounts.ClinicFactory(name="もみじ皮膚科", name_en="Maple Dermatology")

    reader = Reader(newcomer)
    answer = reader.send("/me/welcome", **TYPED, clinic=other.ref)

    assert answer.status_code == 303
    assert Patient.objects.get(user=newcomer).clinic_id == other.id
    assert clinic.id != other.id


def test_the_profile_is_made_and_home_is_next(newcomer, clinic):
    typed = {**TYPED, "clinic": clinic.ref, "telephone": "０９０ー1234−5678"}

    answer = Reader(newcomer).send("/me/welcome", **typed)

    patient = Patient.objects.get(user=newcomer)
    assert (answer.status_code, answer["Location"]) == (303, "/me/")
    assert (patient.name, patient.name_kana) == ("山田 花子", "ヤマダ ハナコ")
    assert patient.birth_on.isoformat() == "2001-06-15"
    assert (patient.zone, patient.language) == ("Asia/Tokyo", "ja")
    assert patient.telephone == "090-1234-5678"


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(newcomer, clinic):
    typed = {**TYPED, "clinic": clinic.ref, "name_kana": ""}

    answer = Reader(newcomer).send("/me/welcome", **typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_name_kana_error"' in page
    assert 'value="山田 花子"' in page
    assert 'value="2001"' in page
    assert not Patient.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("2001", "2", "30"), "no such day"),
        (("01", "6", "15"), "four digits"),
        (("2099", "6", "15"), "future"),
        (("２００１", "６", "１５"), None),
    ],
)
def test_a_date_of_birth_is_checked_in_words(newcomer, clinic, parts, said):
    names = ("birth_on_year", "birth_on_month", "birth_on_day")
    typed = {**TYPED, "clinic": clinic.ref, **dict(zip(names, parts, strict=True))}

    answer = Reader(newcomer).send("/me/welcome", **typed)

    assert answer.status_code == (422 if said else 303)
    assert not said or said in text_of(answer)


def test_a_telephone_that_is_none_is_refused_by_the_service_beside_its_field(newcomer, clinic):
    typed = {**TYPED, "clinic": clinic.ref, "telephone": "call me"}

    answer = Reader(newcomer).send("/me/welcome", **typed)

    assert answer.status_code == 400
    assert 'id="id_telephone_error"' in answer.content.decode()


def test_without_a_token_of_the_form_nothing_is_made(newcomer, clinic):
    answer = Reader(newcomer).client.post("/me/welcome", {**TYPED, "clinic": clinic.ref})

    assert answer.status_code == 403
    assert not Patient.objects.filter(user=newcomer).exists()


def test_whoever_has_a_profile_goes_home():
    answer = Reader(accounts.PatientFactory()).get("/me/welcome")

    assert (answer.status_code, answer["Location"]) == (303, "/me/")


def test_a_test_clock_may_be_chosen_in_the_sandbox_only(newcomer, clinic, settings):
    clock = accounts.TestClockFactory(clinic=clinic)
    settings.SANDBOX = True

    Reader(newcomer).send("/me/welcome", **TYPED, clinic=clinic.ref, test_clock=clock.ref)
    settings.SANDBOX = False
    outside = Reader(accounts.UserFactory()).get("/me/welcome")

    assert Patient.objects.get(user=newcomer).test_clock_id == clock.id
    assert clock.ref not in outside.content.decode()


def test_a_newcomers_page_asks_little_of_the_database(newcomer, django_assert_max_num_queries):
    for _clinic in range(3):
        accounts.ClinicFactory()
    reader = Reader(newcomer)

    with django_assert_max_num_queries(12):
        reader.get("/me/welcome")
