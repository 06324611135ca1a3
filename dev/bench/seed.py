"""Rows for benchmarks, cloned in SQL from one lawful row. Run as `python -m dev.bench.seed`."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction

from backend import clock
from backend.kernel.actor import job
from backend.prescriptions.models import Decision
from backend.prescriptions.steps.decide import decide
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from dev.bench import trail_rows
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.booking import VisitFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.policy.world import session_of
from tests.portals.reader import session_for
from tests.protocol.situations import MAN, NOW, UK_2023, given

MINOR_EVERY = 4  # every so many-th stored decision is about somebody of 17
GUARDED = {"patient.growth_finished": True, "patient.guardian_consent": True}


def clone(table: str, row_id: Any, count: int, changes: str, *, which: str = "true") -> None:
    """Insert copies of a row for `n` from 1 to `count`, those of which `which` (SQL) is true.

    `changes` is a jsonb expression over `n` and the row, `old`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"""
            INSERT INTO {table}
            SELECT (jsonb_populate_record(old, {changes})).*
            FROM {table} AS old, generate_series(1, %s) AS n WHERE old.id = %s AND {which}
            """,  # noqa: S608 - names of our own
            [count, row_id],
        )
        cursor.execute(f"ANALYZE {table}")


def uuid_of(kind: str) -> str:
    """SQL for the id of the n-th clone of a kind."""
    return f"md5('{kind}' || n)::uuid"


def booking(count: int) -> dict[str, Any]:
    """`count` held visits of 64 patients, each with a session."""
    physician = PhysicianFactory()
    visits = []
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    patients = [PatientFactory(clinic=physician.clinic) for _ in range(64)]
    tokens = [session_of(patient.user) for patient in patients]
    for number in range(count):
        begins = start + timedelta(minutes=30 * number)
        visits.append(
            VisitFactory.build(
                patient=patients[number % 64],
                physician=physician,
                held=True,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=30),
                hold_expires_at=clock.now() + timedelta(hours=1),
            )
        )
    type(visits[0]).objects.bulk_create(visits, batch_size=1000)
    return {
        "visits": [visit.ref for visit in visits],
        "tokens": [tokens[number % 64] for number in range(count)],
    }


def worklist(count: int) -> dict[str, Any]:
    """`count` prescriptions that wait for review, each of a patient of its own."""
    row = PrescriptionFactory(in_review=True)
    colleague = PhysicianFactory(clinic=row.clinic)
    _clone_with_patient(row, count)
    return {"token": session_of(colleague.user)}


def queue(count: int) -> dict[str, Any]:
    """The same with a physician's session, as a cookie; a fifth of them are urgent."""
    row = PrescriptionFactory(in_review=True)
    colleague = PhysicianFactory(clinic=row.clinic)
    _clone_with_patient(row, count)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE prescriptions_prescription SET priority = 1"
            " WHERE status = 'in_review' AND extract(second FROM submitted_at)::int % 5 = 0"
        )
        cursor.execute("ANALYZE")
    key = session_for(colleague).session_key
    return {"name": settings.SESSION_COOKIE_NAME, "value": key}


def decisions(count: int) -> dict[str, Any]:
    """`count` prescriptions that wait for review, each with a stored decision.

    Decided by the pack that asks for a second prescriber below 18 years; the weight and the
    laboratory results of each are nobody else's. `minors`: about how many it is.
    """
    row = PrescriptionFactory(in_review=True, course__patient__clinic__programme="uk")
    _clone_with_patient(row, count)
    grown_up = _decided(row.patient, given(MAN, GUARDED))
    minor = _decided(row.patient, given(MAN, {**GUARDED, "patient.birth_on": "2009-02-01"}))
    is_minor = f"mod(n, {MINOR_EVERY}) = 0"
    _clone_decision(grown_up, count, which=f"NOT {is_minor}")
    _clone_decision(minor, count, which=is_minor)
    return {"minors": count // MINOR_EVERY, "clinic": row.clinic.ref}


def _clone_with_patient(row: Any, count: int) -> None:
    """Copies of a prescription, each on a course and of a patient of its own."""
    clone(
        "accounts_user",
        row.patient.user_id,
        count,
        f"jsonb_build_object('id', {uuid_of('user')}, 'email', 'p' || n || '@example.test')",
    )
    clone(
        "accounts_patient",
        row.patient.id,
        count,
        f"jsonb_build_object('id', {uuid_of('patient')}, 'user_id', {uuid_of('user')})",
    )
    clone(
        "prescriptions_course",
        row.course.id,
        count,
        f"jsonb_build_object('id', {uuid_of('course')}, 'patient_id', {uuid_of('patient')})",
    )
    clone(
        "prescriptions_prescription",
        row.id,
        count,
        f"jsonb_build_object('id', {uuid_of('rx')}, 'patient_id', {uuid_of('patient')}, "
        f"'course_id', {uuid_of('course')}, 'submitted_at', now() - n * interval '1 second')",
    )


def _decided(patient: Any, facts: dict[str, Any]) -> Decision:
    """A decision about these facts; about no prescription, so that only its copies count."""
    case = case_from_facts(facts, NOW)
    with transaction.atomic():
        return decide(
            patient=patient,
            assessment=assess(case, load(UK_2023), "prescribe"),
            case=case,
            moment="submit",
            by=job("bench"),
            at=NOW,
        )


def _clone_decision(row: Decision, count: int, *, which: str) -> None:
    own_facts = "old.facts"
    for place, value in (
        ("patient,weights,0,kg", "(45 + n / 200.0)::numeric(6, 3)"),
        ("labs,0,value", "(15 + n / 400.0)::numeric(6, 4)"),
        ("labs,1,value", "(60 + n / 200.0)::numeric(6, 3)"),
    ):
        own_facts = f"jsonb_set({own_facts}, '{{{place}}}', to_jsonb(({value})::text))"
    clone(
        "prescriptions_decision",
        row.id,
        count,
        f"jsonb_build_object('id', {uuid_of('dec')}, 'patient_id', {uuid_of('patient')}, "
        f"'course_id', {uuid_of('course')}, 'prescription_id', {uuid_of('rx')}, "
        f"'facts', {own_facts})",
        which=which,
    )


if __name__ == "__main__":
    seeds = {
        "booking": booking,
        "worklist": worklist,
        "queue": queue,
        "decisions": decisions,
        "trail": trail_rows.fill,
        "seal": trail_rows.seal,
        "hash": trail_rows.hash_alone,
        "verify": trail_rows.verify,
        "prove": trail_rows.prove,
        "silence": trail_rows.silence,
        "entries": trail_rows.entries,
    }
    sys.stdout.write(json.dumps(seeds[sys.argv[1]](int(sys.argv[2]))))
