"""The trail is watched: operators hear of a sealer that stopped, and of a trail that is broken."""

import json
import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from jsonschema import Draft202012Validator
from structlog.testing import capture_logs

from backend import clock
from backend.audit.models import AuditEntry, SealerRun, Verification
from backend.audit.record import record
from backend.audit.seal import introduce, seal_batch, sign_checkpoints
from backend.operations.granting import shortcomings
from backend.operations.trail import FIRST_UNSEALED, NIGHT, trail_state, verification_is_due
from backend.outbox.models import OutboxEvent
from backend.transparency.notes import Signer
from tests.factories.accounts import PatientFactory
from tests.laws.breaches import ROOT
from tests.patience import PATIENCE_S
from tests.roles import acting_as
from workers.app import app as celery
from workers.schedules import SCHEDULES
from workers.tasks.trail import verify, watch

pytestmark = pytest.mark.django_db(transaction=True)
SIGNER = Signer.generate("suhada.example/audit")
NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)  # in Tokyo


@pytest.fixture
def entry(physician_actor):
    patient = PatientFactory()
    with transaction.atomic():
        return record("patient.read", on=patient, by=physician_actor, at=clock.now())


def seal():
    """Until nothing waits: other transactions of the server may hold it up for a moment."""
    introduce(SIGNER)
    until = time.monotonic() + PATIENCE_S
    while trail_state(clock.now()).unsealed_age_seconds is not None:
        seal_batch(holder="test", at=clock.now())
        assert time.monotonic() < until, "not sealed in time"
    sign_checkpoints(SIGNER)


def ready():
    return json.loads(Client().get("/readyz").content)


def metrics():
    lines = Client().get("/metrics").content.decode().splitlines()
    return dict(line.split() for line in lines if line.startswith("suhada_audit"))


def later(seconds):
    return time_machine.travel(clock.now() + timedelta(seconds=seconds))


def tamper(entry):
    """With the rights of the tables' owner."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_auditentry SET actor = 'nobody:usr_x' WHERE id = %s", [entry.id]
        )
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")


def test_a_sealed_trail_lags_behind_nothing(entry):
    seal()

    found = ready()

    assert found["status"] == "ready"
    assert (found["audit_unsealed_age_seconds"], found["lagging"]) == (None, [])
    assert found["audit_sealer_last_run_age_seconds"] < 60


def test_a_sealer_that_stopped_is_named_after_a_minute(entry):
    SealerRun.objects.create(ran_at=clock.now(), holder="test")

    with later(55):
        before = ready()["lagging"]
    with later(65):
        after = ready()

    assert before == []
    assert after["lagging"] == ["audit_sealer_last_run_age_seconds", "audit_unsealed_age_seconds"]
    assert 60 < after["audit_unsealed_age_seconds"] < 90
    assert after["status"] == "ready"  # people are served; the operator is told


def test_the_alarm_goes_off_within_ninety_seconds(entry):
    tick = SCHEDULES["audit trail sealed in time"]
    at_the_latest = 60 + tick["schedule"].total_seconds()

    with later(50), capture_logs() as early:
        celery.tasks[tick["task"]]()
    with later(at_the_latest), capture_logs() as late:
        celery.tasks[tick["task"]]()

    assert at_the_latest <= 90
    assert early == []
    assert [(line["event"], line["log_level"]) for line in late] == [("audit_unsealed", "error")]
    assert late[0]["unsealed_age_seconds"] > 60


def test_no_alarm_while_nothing_waits(entry):
    seal()

    with later(3600), capture_logs() as lines:
        watch()

    assert lines == []


def test_the_oldest_record_that_waits_counts(physician_actor, entry):
    seal()
    with transaction.atomic():
        record("patient.read", on=PatientFactory(), by=physician_actor, at=clock.now())

    with later(70):
        age = trail_state(clock.now()).unsealed_age_seconds

    assert 60 < age < 90


def test_the_question_is_answered_from_indexes_however_long_the_trail_is(entry):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {FIRST_UNSEALED}", [1])
        (plan,) = cursor.fetchone()

    assert "Index Scan" in json.dumps(plan)
    assert "Seq Scan" not in json.dumps(plan)


def test_metrics_of_a_trail_at_work(entry):
    seal()
    verify()

    found = metrics()

    assert found["suhada_audit_tree_size"] != "0.0"
    assert float(found["suhada_audit_sealer_last_run_age_seconds"]) < 60
    assert float(found["suhada_audit_last_verification_age_seconds"]) < 60
    assert found["suhada_audit_last_verification_sound"] == "1.0"


def test_metrics_of_a_trail_that_nobody_has_looked_at():
    found = metrics()

    assert found["suhada_audit_unsealed_age_seconds"] == "0.0"
    assert found["suhada_audit_sealer_last_run_age_seconds"] == "+Inf"
    assert found["suhada_audit_last_verification_age_seconds"] == "+Inf"
    assert found["suhada_audit_last_verification_sound"] == "NaN"


def test_the_nightly_job_keeps_its_verdict_and_leaves_an_entry(entry):
    seal()

    with capture_logs() as lines:
        verify()

    row = Verification.objects.get()
    assert (row.is_sound, row.findings) == (True, [])
    assert row.tree_size == row.records > 0
    kept = AuditEntry.objects.latest("id")
    assert (kept.action, kept.actor) == ("audit_trail.verify", "job:trail")
    assert kept.facts["findings"] == "0"
    assert lines == []
    assert not OutboxEvent.objects.filter(type="audit.trail.broken").exists()


def test_a_record_that_was_changed_is_found_and_announced(entry):
    seal()
    tamper(entry)

    with capture_logs() as lines:
        verify()

    row = Verification.objects.get()
    assert row.is_sound is False
    assert entry.id in {finding["record"] for finding in row.findings}
    event = OutboxEvent.objects.get(type="audit.trail.broken")
    schema = json.loads((ROOT / "api_schema/events/audit.trail.broken.json").read_text())
    Draft202012Validator(schema).validate(event.payload)
    assert event.payload["verification"] == str(row.id)
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("audit_trail_broken", "error")
    ]
    assert f"record {entry.id}" in lines[0]["first"]
    assert "audit_trail_not_sound" in ready()["warnings"]
    assert metrics()["suhada_audit_last_verification_sound"] == "0.0"


def test_it_looks_once_a_night(entry):
    seal()

    verify()
    verify()

    assert Verification.objects.count() == 1


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NOON, True),
        (NOON - timedelta(hours=8), NOON, False),  # four in the morning, after the night fell
        (NOON - timedelta(hours=9), NOON, False),  # at three sharp
        (NOON - timedelta(hours=9, seconds=1), NOON, True),
        (NOON, NOON + timedelta(hours=14, minutes=59), False),
        (NOON, NOON + timedelta(hours=15), True),
        (NOON - timedelta(days=5), NOON, True),  # the workers were away: now
    ],
)
def test_a_night_that_was_missed_is_made_up_for(last, now, due):
    assert datetime.combine(NOON.date(), NIGHT) == NOON + timedelta(hours=15)
    if last:
        Verification.objects.create(ran_at=last, records=0, tree_size=0, is_sound=True, findings=[])

    assert verification_is_due(at=now) is due


def test_a_trail_that_nobody_verified_for_long_is_named(entry):
    seal()
    verify()

    with later(37 * 3600):
        found = ready()["warnings"]

    assert "audit_trail_not_verified_for_36_hours" in found


def test_the_job_may_run_longer_than_the_broker_waits():
    task = celery.tasks["workers.tasks.trail.verify"]

    assert task.time_limit > celery.conf.broker_transport_options["visibility_timeout"]
    assert task.acks_late is False


def run(*arguments):
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", *arguments, stdout=said)
    return ended.value.code, said.getvalue()


def test_the_command_keeps_its_verdict_too(entry):
    seal()

    code, said = run()

    row = Verification.objects.get()
    assert code == 0
    assert said == f"audit trail: {row.records} records, {row.tree_size} of them sealed, sound\n"
    assert AuditEntry.objects.latest("id").actor == "job:operator"


def test_the_command_tells_machines(entry):
    seal()
    tamper(entry)

    code, said = run("--json")

    found = json.loads(said)
    assert (code, found["is_sound"]) == (1, False)
    assert found["wrong"] == len(found["findings"]) > 0


def test_where_the_service_owns_its_tables_it_is_said_plainly(entry):
    assert "service_may_change_the_audit_trail" in ready()["warnings"]
    assert metrics()["suhada_audit_guarded_by_roles"] == "0.0"
    assert "may act as the owner of the tables" in shortcomings()


def test_in_a_role_of_its_own_it_may_not(database_roles, entry):
    with acting_as(database_roles.app):
        assert shortcomings() == []
        assert ready()["warnings"] == []
        assert metrics()["suhada_audit_guarded_by_roles"] == "1.0"


def test_the_nightly_look_needs_no_more_than_the_services_role(database_roles, entry):
    seal()

    with acting_as(database_roles.app):
        verify()

    assert Verification.objects.get().is_sound
