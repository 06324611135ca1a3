"""Who has seen my record: in words, by day, with what went through the glass marked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from backend.audit.record import record
from backend.kernel.actor import Actor
from backend.origin import EMERGENCY, for_purpose
from tests.factories import accounts
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)
PAGE = "/me/record-accesses"


def seen(patient, *, by: Actor, at: datetime = NOON, purpose: str | None = None) -> None:
    """Somebody looked at the patient's basic details."""
    with transaction.atomic():
        if purpose is None:
            record("patient.read", on=patient, by=by, at=at)
            return
        with for_purpose(purpose):
            record("patient.read", on=patient, by=by, at=at)


def shown(patient, language: str = "en", **query: str) -> str:
    answer = Reader(patient, language=language).get(PAGE, **query)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Looked at basic details"), ("ja", "基本情報（氏名・連絡先など）を見ました")],
)
def test_who_looked_stands_under_its_day_in_words(language, words):
    physician = accounts.PhysicianFactory(name="水田 花子")
    patient = accounts.PatientFactory(clinic=physician.clinic)
    seen(patient, by=physician.user.actor)

    said = shown(patient, language)

    assert "水田 花子" in said
    assert words in said
    assert ("10 March 2026" if language == "en" else "2026年3月10日") in said


def test_a_day_is_that_where_the_patient_lives():
    physician = accounts.PhysicianFactory()
    patient = accounts.PatientFactory(clinic=physician.clinic)
    seen(patient, by=physician.user.actor, at=datetime(2026, 3, 10, 15, tzinfo=UTC))

    assert "11 March 2026" in shown(patient)


def test_the_same_look_on_one_day_is_told_once_with_its_times():
    physician = accounts.PhysicianFactory(name="水田 花子")
    patient = accounts.PatientFactory(clinic=physician.clinic)
    for minutes in range(5):
        seen(patient, by=physician.user.actor, at=NOON + timedelta(minutes=minutes))

    said = shown(patient)

    assert said.count("水田 花子") == 1
    assert "12:04 , 12:03 , 12:02 (5 times in all)" in said


def test_looks_within_one_minute_show_that_minute_once():
    physician = accounts.PhysicianFactory(name="水田 花子")
    patient = accounts.PatientFactory(clinic=physician.clinic)
    for seconds in (0, 20, 40, 60):
        seen(patient, by=physician.user.actor, at=NOON + timedelta(seconds=seconds))

    assert "12:01 , 12:00 (4 times in all)" in shown(patient)


def test_emergency_access_is_marked_and_can_be_asked_for_alone():
    physician = accounts.PhysicianFactory(name="水田 花子")
    patient = accounts.PatientFactory(clinic=physician.clinic)
    seen(patient, by=physician.user.actor)
    with transaction.atomic():
        seen(patient, by=physician.user.actor, purpose=EMERGENCY)

    everything, alone = shown(patient), shown(patient, view="emergency")

    assert everything.count("Looked at basic details") == 2
    assert alone.count("Looked at basic details") == 1
    assert "Emergency access" in alone.split("Looked at basic details")[1]


def test_own_looks_are_only_shown_when_everything_is_asked_for():
    patient = accounts.PatientFactory()
    seen(patient, by=patient.user.actor)

    assert "You Looked" not in shown(patient)
    assert "You Looked at basic details" in shown(patient, view="all")


def test_nothing_of_another_patient_is_shown():
    physician = accounts.PhysicianFactory(name="水田 花子")
    other = accounts.PatientFactory(clinic=physician.clinic)
    seen(other, by=physician.user.actor)

    patient = accounts.PatientFactory(clinic=physician.clinic)

    assert "水田 花子" not in shown(patient, view="all")


def test_what_is_older_is_on_the_next_page():
    physician = accounts.PhysicianFactory()
    patient = accounts.PatientFactory(clinic=physician.clinic)
    for hours in range(52):
        seen(patient, by=physician.user.actor, at=NOON + timedelta(days=hours))
    reader = Reader(patient)

    first = reader.get(PAGE).content.decode()
    cursor = first.split("cursor=")[1].split('"')[0]
    second = text_of(reader.client.get(f"{PAGE}?view=others&cursor={cursor}"))

    assert second.count("Looked at basic details") == 2
    assert "11 March 2026" in second


def test_a_cursor_of_another_view_is_refused():
    patient = accounts.PatientFactory()

    answer = Reader(patient).get(PAGE, cursor="forged")

    assert answer.status_code == 400


def test_the_list_needs_few_queries(django_assert_max_num_queries):
    physicians = [accounts.PhysicianFactory()]
    physicians += [accounts.PhysicianFactory(clinic=physicians[0].clinic) for _ in range(3)]
    patient = accounts.PatientFactory(clinic=physicians[0].clinic)
    for physician in physicians:
        seen(patient, by=physician.user.actor)
        seen(patient, by=physician.user.actor, purpose=EMERGENCY)
    seen(patient, by=accounts.ApiClientFactory(pharmacy__clinic=patient.clinic).actor)
    reader = Reader(patient)

    with django_assert_max_num_queries(12):
        reader.get(PAGE)
