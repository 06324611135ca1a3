"""The physician's worklist: urgent first, then who waits longest; constant work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.callers import Caller
from tests.factories.accounts import ClinicFactory, PhysicianFactory
from tests.factories.prescriptions import NOW, PrescriptionFactory

pytestmark = pytest.mark.django_db
WORKLIST = "/v1/prescriptions"


@pytest.fixture
def clinic():
    return ClinicFactory()


def waiting(clinic, *, minutes, priority=2):
    return PrescriptionFactory(
        course__patient__clinic=clinic,
        in_review=True,
        priority=priority,
        submitted_at=NOW - timedelta(minutes=minutes),
    )


def pages(caller, limit):
    cursor, found = {}, []
    while True:
        page = caller.get(WORKLIST, status="in_review", limit=limit, **cursor).json()
        found += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


def test_urgent_ones_come_first_then_the_oldest_across_pages(clinic):
    late = waiting(clinic, minutes=5)
    early = waiting(clinic, minutes=50)
    urgent_late = waiting(clinic, minutes=1, priority=1)
    urgent_early = waiting(clinic, minutes=2, priority=1)
    same_time = waiting(clinic, minutes=5)
    PrescriptionFactory(course__patient__clinic=clinic, approved=True)

    found = pages(Caller(PhysicianFactory(clinic=clinic)), limit=2)

    order = [urgent_early, urgent_late, early, late, same_time]
    assert found == [row.ref for row in order]


def test_a_longer_worklist_takes_no_more_queries_and_counts_nothing(clinic):
    caller = Caller(PhysicianFactory(clinic=clinic))
    waiting(clinic, minutes=1)
    pages(caller, limit=50)
    with CaptureQueriesContext(connection) as short:
        pages(caller, limit=50)

    for minutes in range(2, 9):
        waiting(clinic, minutes=minutes)
    with CaptureQueriesContext(connection) as long:
        found = pages(caller, limit=50)

    assert len(found) == 8
    assert len(long) == len(short)
    assert not any("COUNT(" in query["sql"].upper() for query in long)


def test_the_worklist_walks_its_index(clinic):
    """With many rows PostgreSQL reads the page in order from prescription_worklist."""
    row = waiting(clinic, minutes=1)
    sql = (
        "EXPLAIN SELECT id FROM prescriptions_prescription WHERE clinic_id = %s "
        "AND status = 'in_review' ORDER BY priority, submitted_at, id LIMIT 51"
    )

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")  # one row is cheap to sort, too
        cursor.execute(sql, [row.clinic_id])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "prescription_worklist" in plan
    assert "Sort" not in plan
