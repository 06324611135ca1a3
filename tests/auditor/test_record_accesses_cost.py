"""What the list of accesses costs: few queries, however many rows, and one index."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from backend import clock
from backend.audit.record import record
from backend.auditor.accesses import Wanted, record_accesses
from backend.origin import acting_for
from tests.factories.accounts import ApiClientFactory, PatientFactory, PhysicianFactory
from tests.factories.records import WeightFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def physician(patient):
    return PhysicianFactory(clinic=patient.clinic)


def look(who, patient):
    actor = getattr(who, "user", who).actor
    with transaction.atomic():
        record("lab_result.read", on=patient, by=actor, at=clock.now())


def queries_for(actor, wanted=None):
    with CaptureQueriesContext(connection) as queries:
        found = record_accesses(actor, wanted, count=100)
    return len(queries), len(found)


def test_a_hundred_rows_cost_as_many_queries_as_one(patient, physician):
    actor = patient.user.actor
    WeightFactory(patient=patient)
    with acting_for("req_one", purpose="emergency"):
        look(physician, patient)
        look(ApiClientFactory(), patient)
    few, _ = queries_for(actor)
    for _ in range(20):
        for who in (PhysicianFactory(clinic=patient.clinic), ApiClientFactory()):
            with acting_for("req_two", purpose="emergency"):
                look(who, patient)

    many, rows = queries_for(actor)

    assert rows > 40
    assert (few, many <= 8) == (many, True)


OTHERS = """
INSERT INTO audit_auditentry (at, actor, actor_role, action, object_ref, pseudonym, outcome,
                              request_id, body, leaf)
SELECT now(), 'physician:usr_x', 'physician', 'lab_result.read', 'lab_x', 'psn_' || n % 300,
       'done', 'none', '', '' FROM generate_series(1, 6000) AS n
"""


@pytest.mark.parametrize("kind", [None, "seen", "changed", "emergency", "refused"])
def test_a_page_is_found_by_the_index_of_the_patient(kind, patient, physician):
    look(physician, patient)
    with CaptureQueriesContext(connection) as queries:
        record_accesses(patient.user.actor, Wanted(kind=kind))
    asked = next(
        q["sql"] for q in queries if "audit_auditentry" in q["sql"] and "LIMIT" in q["sql"]
    )

    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        cursor.execute("ANALYZE audit_auditentry")
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "using audit_by_pseudonym" in plan or "on audit_by_pseudonym" in plan, plan
    assert "Seq Scan" not in plan
