"""Rows for benchmarks, cloned in SQL from one lawful row. Run as `python -m dev.bench.seed`."""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection

from backend import clock
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.factories.booking import VisitFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.policy.world import session_of


def clone(table: str, row_id: Any, count: int, changes: str) -> None:
    """Insert `count` copies of a row; `changes` is a jsonb expression over `n`, from 1."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f"""
            INSERT INTO {table}
            SELECT (jsonb_populate_record(old, {changes})).*
            FROM {table} AS old, generate_series(1, %s) AS n WHERE old.id = %s
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
    patient, course = row.patient, row.course
    colleague = PhysicianFactory(clinic=row.clinic)
    clone(
        "accounts_user",
        patient.user_id,
        count,
        f"jsonb_build_object('id', {uuid_of('user')}, 'email', 'p' || n || '@example.test')",
    )
    clone(
        "accounts_patient",
        patient.id,
        count,
        f"jsonb_build_object('id', {uuid_of('patient')}, 'user_id', {uuid_of('user')})",
    )
    clone(
        "prescriptions_course",
        course.id,
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
    return {"token": session_of(colleague.user)}


if __name__ == "__main__":
    seeds = {"booking": booking, "worklist": worklist}
    sys.stdout.write(json.dumps(seeds[sys.argv[1]](int(sys.argv[2]))))
