import pytest

from backend.audit.models import AuditEntry
from backend.booking.models import AvailabilityException, AvailabilityRule
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.booking import (
    SLOT,
    AvailabilityExceptionFactory,
    AvailabilityRuleFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
RULE = {
    "weekday": 1,
    "starts_local": "22:00",
    "ends_local": "24:00",
    "slot_minutes": 20,
    "zone": "Europe/London",
    "valid_from": "2026-03-01",
}
CLOSED = {
    "kind": "closed",
    "starts_at": "2026-03-12T00:00:00Z",
    "ends_at": "2026-03-12T01:00:00Z",
}
EXTRA = {**CLOSED, "kind": "extra", "slot_minutes": 30}
RULES, EXCEPTIONS = "/v1/availability_rules", "/v1/availability_exceptions"


@pytest.fixture
def administrator(place):
    return AdministratorFactory(clinic=place.patient.clinic)


def create(who, path, place, body, **changes):
    return Caller(who).post(path, {"physician": place.physician.ref, **body, **changes})


def test_weekly_hours_are_kept_as_local_times(place, administrator):
    answer = create(administrator, RULES, place, RULE)

    rule = AvailabilityRule.objects.order_by("id").last()
    shown = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"{RULES}/{rule.ref}")
    assert (rule.starts_minute, rule.ends_minute) == (22 * 60, 1440)
    assert {name: shown[name] for name in RULE} == RULE
    assert shown["valid_until"] is None
    assert shown["available_actions"] == ["withdraw"]
    assert AuditEntry.objects.get(action="availability_rule.create").object_ref == rule.ref


@pytest.mark.parametrize("body", [CLOSED, EXTRA])
def test_exceptions_are_kept(place, administrator, body):
    answer = create(administrator, EXCEPTIONS, place, body)

    row = AvailabilityException.objects.get()
    assert (answer.status_code, row.kind) == (201, body["kind"])
    assert row.slot_minutes == body.get("slot_minutes")


@pytest.mark.parametrize(("path", "body"), [(RULES, RULE), (EXCEPTIONS, CLOSED)])
def test_a_physician_sets_the_own_hours_only(place, path, body):
    other = PhysicianFactory(clinic=place.patient.clinic)

    own = create(place.physician, path, place, body)
    foreign = create(other, path, place, body)

    assert own.status_code == 201
    assert (foreign.status_code, foreign.json()["code"]) == (403, "not_your_hours")


@pytest.mark.parametrize(("path", "body"), [(RULES, RULE), (EXCEPTIONS, CLOSED)])
def test_nobody_else_sets_hours(place, path, body):
    clinic = place.patient.clinic

    for who in (place.patient, StaffMemberFactory(clinic=clinic), AuditorFactory(clinic=clinic)):
        assert create(who, path, place, body).status_code == 403


@pytest.mark.parametrize(("path", "body"), [(RULES, RULE), (EXCEPTIONS, CLOSED)])
def test_the_physician_of_another_clinic_does_not_exist(place, path, body):
    answer = create(AdministratorFactory(), path, place, body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/physician")


def test_staff_who_are_no_physicians_have_no_hours(place, administrator):
    staff = StaffMemberFactory(clinic=place.patient.clinic)

    assert create(administrator, RULES, place, RULE, physician=staff.ref).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"weekday": 0},
        {"weekday": 8},
        {"weekday": "1"},
        {"starts_local": "9:00"},
        {"starts_local": "24:01"},
        {"ends_local": "22:19"},
        {"ends_local": "21:00"},
        {"slot_minutes": 4},
        {"slot_minutes": 241},
        {"zone": "Mars/Olympus"},
        {"valid_until": "2026-02-28"},
        {"valid_from": "2026-02-30"},
        {"colour": "red"},
    ],
)
def test_weekly_hours_must_be_well_formed(place, administrator, change):
    answer = create(administrator, RULES, place, RULE, **change)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_one_slot_is_enough(place, administrator):
    assert create(administrator, RULES, place, RULE, ends_local="22:20").status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {**CLOSED, "ends_at": CLOSED["starts_at"]},
        {**CLOSED, "ends_at": "2026-03-11T00:00:00Z"},
        {**CLOSED, "ends_at": "2036-03-11T00:00:00Z"},
        {**CLOSED, "slot_minutes": 30},
        {**CLOSED, "kind": "nap"},
        {**CLOSED, "starts_at": "2026-03-12T09:00:00"},
        {**EXTRA, "slot_minutes": None},
        {**EXTRA, "slot_minutes": 61},
        {**EXTRA, "ends_at": "2026-03-13T00:00:01Z"},
    ],
)
def test_exceptions_must_be_well_formed(place, administrator, body):
    answer = create(administrator, EXCEPTIONS, place, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_withdrawn_hours_offer_nothing_and_booked_visits_stay(place, administrator):
    rule = AvailabilityRule.objects.get()
    visit = VisitFactory(patient=place.patient, physician=place.physician)

    answer = Caller(administrator).post(f"{RULES}/{rule.ref}/withdraw", version=1)

    visit.refresh_from_db()
    assert (answer.json()["status"], answer.json()["available_actions"]) == ("withdrawn", [])
    assert visit.status == "booked"
    assert place.hold(place.another_patient(), SLOT.replace(hour=1)).status_code == 422


def test_a_day_off_that_is_withdrawn_is_a_working_day(place):
    row = AvailabilityExceptionFactory(physician=place.physician)
    before = place.hold()

    Caller(place.physician).post(f"{EXCEPTIONS}/{row.ref}/withdraw", version=1)

    assert (before.status_code, place.hold().status_code) == (422, 201)


@pytest.mark.parametrize("path", [RULES, EXCEPTIONS])
def test_withdrawing_is_guarded(place, administrator, path):
    factory = AvailabilityRuleFactory if path == RULES else AvailabilityExceptionFactory
    row = factory(physician=place.physician)
    other = PhysicianFactory(clinic=place.patient.clinic)
    verb = f"{path}/{row.ref}/withdraw"

    assert Caller(other).post(verb, version=1).status_code == 403
    assert Caller(AdministratorFactory()).post(verb, version=1).status_code == 404
    assert Caller(administrator).post(verb).status_code == 428
    assert Caller(administrator).post(verb, version=2).status_code == 412
    assert Caller(administrator).post(verb, version=1).status_code == 200
    assert Caller(administrator).post(verb, version=2).status_code == 409


@pytest.mark.parametrize("path", [RULES, EXCEPTIONS])
def test_the_clinic_reads_its_hours_and_no_others(place, path):
    factory = AvailabilityRuleFactory if path == RULES else AvailabilityExceptionFactory
    row = factory(physician=place.physician)
    reader, stranger = StaffMemberFactory(clinic=place.patient.clinic), StaffMemberFactory()

    listed = Caller(reader).get(path, physician=place.physician.ref, status="active").json()
    shown = Caller(reader).get(f"{path}/{row.ref}")

    assert row.ref in [one["id"] for one in listed["data"]]
    assert (shown.status_code, shown.json()["available_actions"]) == (200, [])
    assert Caller(stranger).get(path).json()["data"] == []
    assert Caller(stranger).get(f"{path}/{row.ref}").status_code == 404
    assert Caller(place.patient).get(path).status_code == 403


def test_exceptions_are_filtered_by_kind(place, administrator):
    AvailabilityExceptionFactory(physician=place.physician)
    extra = AvailabilityExceptionFactory(physician=place.physician, extra=True)

    answer = Caller(administrator).get(EXCEPTIONS, kind="extra")

    assert [row["id"] for row in answer.json()["data"]] == [extra.ref]


@pytest.mark.parametrize("path", [RULES, EXCEPTIONS])
def test_the_number_of_queries_does_not_grow(
    place, administrator, path, django_assert_max_num_queries
):
    factory = AvailabilityRuleFactory if path == RULES else AvailabilityExceptionFactory
    for _ in range(9):
        factory(physician=PhysicianFactory(clinic=place.patient.clinic))

    with django_assert_max_num_queries(5):
        assert len(Caller(administrator).get(path).json()["data"]) >= 9
