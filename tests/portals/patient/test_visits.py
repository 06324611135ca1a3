"""A patient's visits: hold, booking, waiting room, the door of the room, moving and cancelling."""

from datetime import timedelta

import pytest

from backend.accounts.models import TestClock
from backend.audit.models import AuditEntry
from backend.booking.models import Visit
from tests.factories import accounts
from tests.factories.booking import NOW, SLOT, AvailabilityRuleFactory, VisitFactory
from tests.factories.intake import IntakeResponseFactory, sign_everything
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return accounts.PatientFactory(on_clock=True)


@pytest.fixture
def reader(patient):
    return Reader(patient)


def make(patient, **traits):
    return VisitFactory(patient=patient, **traits)


def pass_to(patient, at):
    TestClock.objects.filter(id=patient.test_clock_id).update(frozen_at=at)


def page_of(visit):
    return f"/me/visits/{visit.ref}"


def test_an_empty_list_leads_to_booking(reader):
    answer = reader.get("/me/visits")

    assert "No visit is booked" in text_of(answer)
    assert 'href="/me/slots"' in answer.content.decode()


def test_what_is_to_come_stands_above_what_has_been(patient, reader):
    make(patient, completed=True, starts_at=NOW - timedelta(days=7))
    make(patient, starts_at=SLOT)
    make(patient, cancelled=True, starts_at=SLOT + timedelta(days=1))

    shown = text_of(reader.get("/me/visits"))

    coming, earlier = shown.split("Earlier")
    assert "Booked" in coming
    assert "Took place" in earlier
    assert "Cancelled" in earlier


def test_a_hold_counts_down_from_the_servers_time_and_stands_still_on_a_test_clock(patient, reader):
    visit = make(patient, held=True)
    pass_to(patient, NOW + timedelta(minutes=3, seconds=30))

    page = reader.get(page_of(visit)).content.decode()

    assert 'data-countdown="390" data-frozen' in page
    assert "6:30" in page
    assert "Held for you until 12:10" in page


def test_confirming_books_the_visit(patient, reader):
    visit = make(patient, held=True)

    answer = reader.send(page_of(visit), do="confirm", version=visit.version)

    visit.refresh_from_db()
    assert (answer.status_code, visit.status) == (303, "booked")
    assert "Your visit is booked." in text_of(reader.get(page_of(visit)))


def test_letting_go_frees_the_time(patient, reader):
    visit = make(patient, held=True)

    answer = reader.send(
        page_of(visit), do="cancel", reason="patient_request", version=visit.version
    )

    visit.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, "/me/slots")
    assert visit.status == "cancelled"


def test_a_hold_that_has_ended_cannot_be_confirmed_and_says_so(patient, reader):
    visit = make(patient, held=True)
    pass_to(patient, NOW + timedelta(minutes=10))

    answer = reader.send(page_of(visit), do="confirm", version=visit.version)

    visit.refresh_from_db()
    assert (answer.status_code, visit.status) == (409, "held")
    assert "The hold has ended" in text_of(answer)
    assert "from=2026-03-12" in answer.content.decode()


def test_a_booked_visit_shows_what_to_prepare_and_a_calendar_file_that_opens(patient, reader):
    visit = make(patient)

    answer = reader.get(page_of(visit))
    calendar = reader.get(f"/v1/visits/{visit.ref}/calendar")

    shown = text_of(answer)
    assert "Answer the first questions" in shown
    assert "4 to sign" in shown
    assert "It opens here at 08:50" in shown
    assert f"/v1/visits/{visit.ref}/calendar" in answer.content.decode()
    assert calendar.content.startswith(b"BEGIN:VCALENDAR")


def test_what_is_prepared_is_ticked_off(patient, reader):
    visit = make(patient)
    IntakeResponseFactory(patient=patient, submitted=True)
    sign_everything(patient)

    page = reader.get(page_of(visit)).content.decode()

    assert page.count('<li class="done">') == 3


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (SLOT - timedelta(minutes=10, seconds=1), False),
        (SLOT - timedelta(minutes=10), True),
        (SLOT + timedelta(minutes=59, seconds=59), True),
        (SLOT + timedelta(minutes=60), False),
    ],
)
def test_the_door_of_the_room_opens_around_the_time(patient, reader, settings, at, is_open):
    visit = make(patient)
    pass_to(patient, at)

    page = reader.get(page_of(visit)).content.decode()
    door = reader.get(f"{page_of(visit)}/join")

    assert (f"{page_of(visit)}/join" in page) is is_open
    assert visit.room not in page
    if is_open:
        assert (door.status_code, door["Location"]) == (302, f"{settings.VIDEO_URL}/{visit.room}")
        assert AuditEntry.objects.filter(action="visit.join", outcome="done").exists()
    else:
        assert door.status_code == 409


def test_cancelling_asks_why_and_then_cancels(patient, reader):
    visit = make(patient)

    without = reader.send(page_of(visit), do="cancel", version=visit.version)
    with_reason = reader.send(page_of(visit), do="cancel", reason="unwell", version=visit.version)

    visit.refresh_from_db()
    assert without.status_code == 422
    assert "Please choose a reason." in text_of(without)
    assert (with_reason.status_code, visit.status) == (303, "cancelled")
    assert visit.cancel_reason == "unwell"


def test_a_visit_that_is_over_offers_no_cancelling(patient, reader):
    visit = make(patient)
    pass_to(patient, visit.ends_at)

    answer = reader.send(page_of(visit), do="cancel", reason="unwell", version=visit.version)

    assert answer.status_code == 409
    assert "Cancel this visit" not in text_of(reader.get(page_of(visit)))


def test_moving_a_visit_books_the_new_time_and_cancels_the_old_one(patient, reader):
    physician = accounts.PhysicianFactory(clinic=patient.clinic)
    AvailabilityRuleFactory(physician=physician)
    old = make(patient, physician=physician)
    held = reader.send(
        "/me/slots", physician=physician.ref, starts_at="2026-03-12T01:00:00Z", instead=old.ref
    )
    new = Visit.objects.exclude(id=old.id).get()

    reader.send(
        page_of(new), on=held["Location"], do="confirm", version=new.version, instead=old.ref
    )

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, old.cancel_reason) == ("cancelled", "schedule_conflict")
    assert new.status == "booked"
    assert "Your earlier time was cancelled." in text_of(reader.get(page_of(new)))


def test_moving_never_touches_somebody_elses_visit(patient, reader):
    theirs = VisitFactory(starts_at=SLOT + timedelta(days=1))
    visit = make(patient, held=True)

    reader.send(page_of(visit), do="confirm", version=visit.version, instead=theirs.ref)

    theirs.refresh_from_db()
    assert theirs.status == "booked"


@pytest.mark.parametrize("path", ["/me/visits/{}", "/me/visits/{}/join"])
def test_another_patients_visit_is_not_found(reader, path):
    theirs = VisitFactory()

    answer = reader.get(path.format(theirs.ref))

    assert answer.status_code == 404
    assert theirs.patient.name not in text_of(answer)


def test_a_form_of_an_earlier_version_is_refused_in_words(patient, reader):
    visit = make(patient, version=2)

    answer = reader.send(page_of(visit), do="cancel", reason="unwell", version=1)

    assert answer.status_code == 412
    assert "read it again" in text_of(answer)


def test_without_a_token_of_the_form_nothing_is_confirmed(patient, reader):
    visit = make(patient, held=True)

    answer = reader.client.post(page_of(visit), {"do": "confirm", "version": "1"})

    visit.refresh_from_db()
    assert (answer.status_code, visit.status) == (403, "held")


@pytest.mark.parametrize("trait", ["in_progress", "completed", "cancelled", "expired", "no_show"])
def test_every_status_has_a_page(patient, reader, trait):
    visit = make(patient, **{trait: True})

    answer = reader.get(page_of(visit))

    assert answer.status_code == 200
    assert visit.physician.name in text_of(answer)


def test_a_visit_and_the_list_ask_little_of_the_database(
    patient, reader, django_assert_max_num_queries
):
    for days in range(6):
        make(patient, starts_at=SLOT + timedelta(days=days))
    visit = make(patient, completed=True, starts_at=NOW - timedelta(days=1))
    ahead = make(patient, starts_at=SLOT + timedelta(days=9))

    with django_assert_max_num_queries(12):
        reader.get("/me/visits")
    with django_assert_max_num_queries(12):
        reader.get(page_of(ahead))
    assert visit.status == "completed"
