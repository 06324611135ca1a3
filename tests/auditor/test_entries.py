"""Who sees which entries of the trail, and that looking leaves one."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from backend.audit.models import AuditEntry
from backend.audit.record import record
from backend.origin import acting_for
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, PatientFactory, PhysicianFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def seen_by(physician, patient) -> AuditEntry:
    with transaction.atomic():
        return record("patient.read", on=patient, by=physician.user.actor, at=AT)


def test_a_patient_sees_who_saw_the_record_and_nothing_of_others():
    patient, stranger = PatientFactory(), PatientFactory()
    physician = PhysicianFactory(clinic=patient.clinic)
    mine, _ = seen_by(physician, patient), seen_by(physician, stranger)

    answer = Caller(patient).get("/v1/audit_entries")

    assert [entry["id"] for entry in answer.json()["data"]] == [str(mine.id)]
    assert answer.json()["data"][0]["actor"] == physician.user.actor.label


def test_an_auditor_sees_the_clinics_entries_in_order_and_no_other_clinics():
    patient, elsewhere = PatientFactory(), PatientFactory()
    physician = PhysicianFactory(clinic=patient.clinic)
    first, second = seen_by(physician, patient), seen_by(physician, patient)
    seen_by(PhysicianFactory(clinic=elsewhere.clinic), elsewhere)

    answer = Caller(AuditorFactory(clinic=patient.clinic)).get("/v1/audit_entries")

    assert [entry["id"] for entry in answer.json()["data"]] == [str(first.id), str(second.id)]


def test_a_physician_does_not_read_the_trail_and_the_try_is_recorded():
    physician = PhysicianFactory()

    answer = Caller(physician).get("/v1/audit_entries")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert AuditEntry.objects.get().outcome == "refused"


def test_looking_at_the_trail_is_recorded_too():
    patient = PatientFactory()
    seen_by(PhysicianFactory(clinic=patient.clinic), patient)

    Caller(AuditorFactory(clinic=patient.clinic)).get("/v1/audit_entries", patient=patient.ref)

    latest = AuditEntry.objects.latest("id")
    assert (latest.action, latest.patient_ref) == ("audit_entry.list", patient.ref)


def test_pages_follow_one_another_without_gap_or_repeat():
    patient = PatientFactory()
    physician, auditor = (
        PhysicianFactory(clinic=patient.clinic),
        AuditorFactory(clinic=patient.clinic),
    )
    wanted = [str(seen_by(physician, patient).id) for _ in range(5)]

    found, cursor = [], None
    while len(found) < 5:
        page = Caller(auditor).get(
            "/v1/audit_entries",
            action="patient.read",
            limit=2,
            **({"cursor": cursor} if cursor else {}),
        )
        found += [entry["id"] for entry in page.json()["data"]]
        cursor = page.json()["next_cursor"]

    assert (found, cursor) == (wanted, None)


def acts(patient, physician, *actions):
    with transaction.atomic():
        return [record(one, on=patient, by=physician.user.actor, at=AT) for one in actions]


def test_entries_are_found_by_the_beginning_of_an_action():
    patient = PatientFactory()
    acts(patient, PhysicianFactory(clinic=patient.clinic), "visit.start", "visit.end", "patient.x")

    answer = Caller(patient).get("/v1/audit_entries", action_prefix="visit.")

    assert [row["action"] for row in answer.json()["data"]] == ["visit.start", "visit.end"]


def test_entries_of_one_request_are_found_together():
    patient = PatientFactory()
    physician = PhysicianFactory(clinic=patient.clinic)
    with acting_for("req_one"):
        wanted = acts(patient, physician, "visit.start", "course.start")
    acts(patient, physician, "visit.end")

    answer = Caller(patient).get("/v1/audit_entries", request_id="req_one")

    assert [row["id"] for row in answer.json()["data"]] == [str(one.id) for one in wanted]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"limit": "1000000000"}, "limit_out_of_range"),
        ({"limit": "-1"}, "limit_out_of_range"),
        ({"limit": "٧"}, "limit_out_of_range"),
        ({"offset": "5"}, "unknown_parameter"),
        ({"ordering": "password"}, "unknown_parameter"),
        ({"_connector": "OR"}, "unknown_parameter"),
        ({"actor__regex": ".*"}, "unknown_parameter"),
        ({"cursor": "forged"}, "cursor_invalid"),
        ({"outcome": "maybe"}, "invalid"),
        ({"at_from": "yesterday"}, "invalid"),
    ],
    ids=str,
)
def test_a_list_takes_declared_parameters_only(parameters, code):
    auditor = AuditorFactory()

    answer = Caller(auditor).get("/v1/audit_entries", **parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code
    assert answer.json()["errors"][0]["pointer"] == "?" + next(iter(parameters))


def test_a_cursor_of_somebody_elses_list_is_refused():
    patient = PatientFactory()
    physician = PhysicianFactory(clinic=patient.clinic)
    for _ in range(3):
        seen_by(physician, patient)
    cursor = Caller(patient).get("/v1/audit_entries", limit=1).json()["next_cursor"]

    answer = Caller(AuditorFactory(clinic=patient.clinic)).get(
        "/v1/audit_entries", cursor=cursor, limit=1
    )

    assert answer.json()["errors"][0]["code"] == "cursor_invalid"


def test_a_sound_trail_verifies():
    patient = PatientFactory()
    seen_by(PhysicianFactory(clinic=patient.clinic), patient)

    answer = Caller(AuditorFactory(clinic=patient.clinic)).get("/v1/audit_verification")

    assert answer.json() == {"entries": 1, "sound": True, "findings": []}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("actor = 'physician:somebody_else'", "the column for actor differs from the bytes"),
        ("at = at + interval '1 hour'", "the column for at differs from the bytes"),
        ("body = convert_to('{}', 'UTF8')", "the bytes do not match their hash"),
    ],
)
def test_an_edit_behind_the_triggers_back_is_found_and_named(change, reason):
    patient = PatientFactory()
    entry = seen_by(PhysicianFactory(clinic=patient.clinic), patient)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_is_append_only")
        cursor.execute(f"UPDATE audit_auditentry SET {change} WHERE id = %s", [entry.id])
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_is_append_only")

    answer = Caller(AuditorFactory(clinic=patient.clinic)).get("/v1/audit_verification")

    assert answer.json()["sound"] is False
    assert {"entry": str(entry.id), "reason": reason} in answer.json()["findings"]


def test_a_disabled_trigger_is_found():
    auditor = AuditorFactory()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_is_append_only")

    answer = Caller(auditor).get("/v1/audit_verification")

    assert answer.json()["findings"][0]["reason"].startswith("the trigger audit_is")
