"""The sandbox: who sees and moves which clock, how it goes on, and that elsewhere is none."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.accounts.models import TestClock
from backend.accounts.steps.move_clock import finish_clock, move_clock
from backend.kernel.actor import job
from tests.factories import accounts, notifications
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sandbox(settings):
    settings.SANDBOX = True


@pytest.fixture
def patient():
    return accounts.PatientFactory(on_clock=True)


def path_of(patient):
    return f"/sandbox/clocks/{patient.test_clock.ref}"


def arrived(patient, at):
    """What the workers do: the clock comes to its target."""
    move_clock(clock_id=patient.test_clock_id, to=at, by=job("due_work"), at=at)
    finish_clock(clock_id=patient.test_clock_id, by=job("due_work"), at=at)


@pytest.mark.parametrize(
    ("step", "more", "to"),
    [
        ("hour", {}, MARCH + timedelta(hours=1)),
        ("day", {}, MARCH + timedelta(days=1)),
        ("week", {}, MARCH + timedelta(days=7)),
        ("date", {"date": "2026-04-01"}, datetime(2026, 4, 1, 0, tzinfo=UTC)),
    ],
)
def test_a_patient_moves_the_own_clock(patient, step, more, to):
    answer = Reader(patient).send(
        f"{path_of(patient)}/move", on="/sandbox", step=step, version="1", back="/me/", **more
    )

    clock = TestClock.objects.get()
    assert answer.status_code == 303
    assert (clock.status, clock.target_at) == ("advancing", to)


def test_a_clock_moves_to_what_is_due_next(patient):
    due = MARCH + timedelta(days=2, hours=5)
    notifications.NotificationFactory(patient=patient, status="queued", due_at=due)
    reader = Reader(patient)

    shown = text_of(reader.get("/sandbox"))
    reader.send(f"{path_of(patient)}/move", on="/sandbox", step="next", version="1")

    assert "due next (12 March)" in shown
    assert TestClock.objects.get().target_at == due


def test_while_it_moves_the_page_says_how_far_and_then_what_happened(patient):
    reader, to = Reader(patient), MARCH + timedelta(days=4)
    answer = reader.send(f"{path_of(patient)}/move", on="/sandbox", step="week", version="1")
    TestClock.objects.update(target_at=to)
    move_clock(
        clock_id=patient.test_clock_id, to=MARCH + timedelta(days=1), by=job("due_work"), at=to
    )

    on_the_way = reader.get(answer["Location"]).content.decode()
    notifications.NotificationFactory(
        patient=patient,
        status="sent",
        due_at=MARCH,
        sent_at=MARCH + timedelta(days=2),
        provider_ref="<1@suhada.example>",
    )
    arrived(patient, to)
    there = reader.get(answer["Location"])

    assert 'value="25"' in on_the_way
    assert "hx-get" in on_the_way
    assert "1 message sent" in text_of(there)
    assert "0 check-ins opened" in text_of(there)


def test_below_the_bar_of_another_page_only_the_part_is_sent(patient):
    reader = Reader(patient)

    answer = reader.client.get("/sandbox?back=/me/", headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert "<html" not in page
    assert f'hx-post="{path_of(patient)}/move"' in page


@pytest.mark.parametrize("factory", [accounts.PatientFactory, accounts.PhysicianFactory])
def test_a_foreign_clock_is_not_there(patient, factory):
    stranger = Reader(factory())

    answers = [
        stranger.get(path_of(patient)),
        stranger.send(f"{path_of(patient)}/move", on="/sandbox", step="day", version="1"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert patient.test_clock.ref not in stranger.get("/sandbox").content.decode()
    assert TestClock.objects.get().status == "ready"


def test_the_clinics_people_see_its_clocks_and_an_auditor_moves_none(patient):
    physician = Reader(accounts.PhysicianFactory(clinic=patient.clinic))
    auditor = Reader(accounts.AuditorFactory(clinic=patient.clinic))

    assert "+1 day" in text_of(physician.get("/sandbox"))
    assert "+1 day" not in text_of(auditor.get("/sandbox"))
    assert "Your role does not allow this" in text_of(auditor.get("/sandbox"))


def test_a_day_that_is_past_is_refused_in_words(patient):
    answer = Reader(patient).send(
        f"{path_of(patient)}/move", on="/sandbox", step="date", date="2026-03-01", version="1"
    )

    assert answer.status_code == 422
    assert "forward" in text_of(answer)


@pytest.mark.parametrize("more", [{"step": "date", "date": "nonsense"}, {"step": "leap"}, {}])
def test_nonsense_is_refused_in_words(patient, more):
    answer = Reader(patient).send(f"{path_of(patient)}/move", on="/sandbox", version="1", **more)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_a_clock_is_not_moved_without_the_forms_token(patient):
    answer = Reader(patient).client.post(f"{path_of(patient)}/move", {"step": "day"})

    assert answer.status_code == 403
    assert TestClock.objects.get().status == "ready"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_from_the_sandbox(patient, back):
    page = Reader(patient).get("/sandbox", back=back).content.decode()

    assert 'href="/home"' in page
    assert 'href="' + back not in page


@pytest.mark.parametrize("path", ["/sandbox", "{clock}", "{clock}/move"])
def test_where_patients_are_real_there_is_no_sandbox(settings, patient, path):
    settings.SANDBOX = False

    answer = Reader(patient).get(path.format(clock=path_of(patient)))

    assert answer.status_code == 404


def test_where_patients_are_real_no_page_speaks_of_a_sandbox(settings, patient):
    settings.SANDBOX = False

    pages = [Reader().get("/").content, Reader(patient).get("/account/").content]

    assert not any(b"andbox" in page for page in pages)
