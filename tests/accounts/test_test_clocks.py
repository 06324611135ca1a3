from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from backend import clock
from backend.accounts.models import Patient, TestClock
from backend.accounts.steps.move_clock import finish_clock, move_clock
from backend.kernel.actor import job
from backend.kernel.errors import NotAllowedFromHere
from backend.outbox.models import OutboxEvent
from tests.accounts.schemas import fits_its_schema
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
    TestClockFactory,
)

pytestmark = pytest.mark.django_db
CLOCKS = "/v1/test_helpers/test_clocks"
MARCH = datetime(2026, 3, 10, 3, tzinfo=UTC)
APRIL = datetime(2026, 4, 10, 3, tzinfo=UTC)
ENGINE = job("due_work")


def advance(frozen, to, *, version=1):
    member = StaffMemberFactory(clinic=frozen.clinic)
    return Caller(member).post(
        f"{CLOCKS}/{frozen.ref}/advance", {"to": to.isoformat()}, version=version
    )


def advancing(**changes):
    return TestClockFactory(status="advancing", target_at=APRIL, **changes)


@pytest.mark.parametrize("role", [StaffMemberFactory, AdministratorFactory])
def test_staff_and_administrators_make_clocks(role):
    answer = Caller(role()).post(
        CLOCKS, {"name": "spring", "frozen_at": "2026-03-10T12:00:00+09:00"}
    )

    assert answer.status_code == 201
    assert answer.json()["frozen_at"] == "2026-03-10T03:00:00Z"
    assert (answer.json()["status"], answer.json()["available_actions"]) == ("ready", ["advance"])


@pytest.mark.parametrize("role", [PhysicianFactory, PatientFactory])
def test_others_do_not(role):
    answer = Caller(role()).post(CLOCKS, {"name": "x", "frozen_at": "2026-03-10T03:00:00Z"})

    assert answer.status_code == 403


def test_a_patient_sees_and_moves_the_own_clock_and_no_other():
    patient, other = PatientFactory(on_clock=True), TestClockFactory()
    TestClock.objects.filter(id=other.id).update(clinic=patient.clinic)
    caller, to = Caller(patient), {"to": APRIL.isoformat()}

    own = caller.post(f"{CLOCKS}/{patient.test_clock.ref}/advance", to, version=1)
    foreign = caller.post(f"{CLOCKS}/{other.ref}/advance", to, version=1)

    assert (own.status_code, foreign.status_code) == (200, 404)
    assert caller.get(f"{CLOCKS}/{other.ref}").status_code == 404


def test_a_physician_sees_and_moves_the_clinics_clocks():
    frozen = TestClockFactory()
    caller = Caller(PhysicianFactory(clinic=frozen.clinic))

    listed = caller.get(CLOCKS).json()["data"]
    moved = caller.post(f"{CLOCKS}/{frozen.ref}/advance", {"to": APRIL.isoformat()}, version=1)

    assert [row["id"] for row in listed] == [frozen.ref]
    assert moved.status_code == 200


@pytest.mark.parametrize("method", ["list", "create", "read", "advance"])
def test_outside_a_sandbox_there_are_no_test_clocks(settings, method):
    settings.SANDBOX = False
    frozen = TestClockFactory()
    caller = Caller(AdministratorFactory(clinic=frozen.clinic))

    answer = {
        "list": lambda: caller.get(CLOCKS),
        "create": lambda: caller.post(CLOCKS, {"name": "x", "frozen_at": "2026-03-10T03:00:00Z"}),
        "read": lambda: caller.get(f"{CLOCKS}/{frozen.ref}"),
        "advance": lambda: caller.post(f"{CLOCKS}/{frozen.ref}/advance", {"to": "x"}, version=1),
    }[method]()

    assert (answer.status_code, answer.json()["code"]) == (403, "sandbox_only")


def test_advancing_sets_a_target_and_asks_for_the_work_on_the_way():
    frozen = TestClockFactory()

    answer = advance(frozen, APRIL)

    event = OutboxEvent.objects.get()
    assert answer.json()["status"] == "advancing"
    assert answer.json()["frozen_at"] == "2026-03-10T03:00:00Z"
    assert answer.json()["target_at"] == "2026-04-10T03:00:00Z"
    assert event.type == "accounts.test_clock.advance_requested"
    assert event.payload == {"test_clock_id": frozen.ref, "clinic_id": frozen.clinic.ref}
    assert fits_its_schema(event)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (timedelta(0), "clock_only_forward"),
        (timedelta(seconds=-1), "clock_only_forward"),
        (timedelta(days=400, microseconds=1), "clock_too_far"),
    ],
)
def test_a_clock_goes_forward_and_not_too_far(by, code):
    answer = advance(TestClockFactory(), MARCH + by)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("by", [timedelta(microseconds=1), timedelta(days=400)])
def test_a_clock_goes_as_little_or_as_far_as_allowed(by):
    assert advance(TestClockFactory(), MARCH + by).status_code == 200


def test_a_clock_that_is_advancing_cannot_be_advanced():
    answer = advance(advancing(), APRIL + timedelta(days=1))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_a_foreign_clock_is_not_there():
    frozen = TestClockFactory()
    other = Caller(StaffMemberFactory())

    assert other.get(f"{CLOCKS}/{frozen.ref}").status_code == 404
    assert other.get(CLOCKS).json()["data"] == []


def test_an_auditor_sees_clocks_and_moves_none():
    frozen = TestClockFactory()
    auditor = Caller(AuditorFactory(clinic=frozen.clinic))

    seen = auditor.get(f"{CLOCKS}/{frozen.ref}")
    moved = auditor.post(f"{CLOCKS}/{frozen.ref}/advance", {"to": APRIL.isoformat()}, version=1)

    assert (seen.status_code, seen.json()["available_actions"]) == (200, [])
    assert moved.status_code == 403


def test_an_advancing_clock_shows_each_instant_on_the_way_to_its_patients():
    frozen = advancing()
    patient = PatientFactory(clinic=frozen.clinic, test_clock=frozen)
    halfway = MARCH + timedelta(days=14)

    move_clock(clock_id=frozen.id, to=halfway, by=ENGINE, at=halfway)

    lives = Patient.objects.select_related("test_clock").get(id=patient.id)
    assert clock.now(lives) == halfway
    assert lives.test_clock.status == "advancing"


def test_an_instant_that_has_passed_moves_nothing_and_one_beyond_the_target_stops_there():
    frozen = advancing()
    move_clock(clock_id=frozen.id, to=MARCH + timedelta(days=14), by=ENGINE, at=MARCH)

    back = move_clock(clock_id=frozen.id, to=MARCH + timedelta(days=7), by=ENGINE, at=MARCH)
    beyond = move_clock(clock_id=frozen.id, to=APRIL + timedelta(days=7), by=ENGINE, at=MARCH)

    assert back.frozen_at == MARCH + timedelta(days=14)
    assert beyond.frozen_at == APRIL


def test_a_finished_clock_shows_its_target_and_is_ready():
    frozen = advancing()

    finish_clock(clock_id=frozen.id, by=ENGINE, at=APRIL)

    frozen.refresh_from_db()
    assert (frozen.status, frozen.frozen_at, frozen.target_at) == ("ready", APRIL, None)


@pytest.mark.parametrize("step", [finish_clock, lambda **k: move_clock(to=APRIL, **k)])
def test_a_clock_that_is_ready_is_not_moved(step):
    frozen = TestClockFactory()

    with pytest.raises(NotAllowedFromHere):
        step(clock_id=frozen.id, by=ENGINE, at=APRIL)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", [finish_clock, lambda **k: move_clock(to=APRIL, **k)])
def test_a_clock_is_moved_inside_a_transaction_only(step):
    frozen = advancing()

    with pytest.raises(RuntimeError):
        step(clock_id=frozen.id, by=ENGINE, at=APRIL)


def test_the_database_itself_keeps_a_clock_from_going_back():
    frozen = TestClockFactory()

    with pytest.raises(IntegrityError, match="only moves forward"), transaction.atomic():
        TestClock.objects.filter(id=frozen.id).update(frozen_at=MARCH - timedelta(microseconds=1))


def test_the_database_lets_a_clock_stand_still_or_go_on():
    frozen = TestClockFactory()

    for shown in (MARCH, MARCH + timedelta(microseconds=1)):
        assert TestClock.objects.filter(id=frozen.id).update(frozen_at=shown) == 1
