"""The queue: what waits for a review, in which order, for how long, and why."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry
from backend.prescriptions.waiting import waiting_for_review
from tests.factories.accounts import ClinicFactory, PatientFactory, PhysicianFactory
from tests.factories.prescriptions import (
    NOW,
    CourseFactory,
    DecisionFactory,
    PrescriptionFactory,
)
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
QUERIES = 12


@pytest.fixture
def physician():
    return PhysicianFactory()


def waiting(physician, *, name="山田 花子", decision=None, findings=(), **overrides):
    """A prescription of the clinic in review, handed in half an hour ago."""
    course = overrides.pop("course", None) or CourseFactory(
        patient=PatientFactory(clinic=physician.clinic, on_clock=True, name=name)
    )
    row = PrescriptionFactory(course=course, in_review=True, **overrides)
    if decision:
        DecisionFactory(
            patient=row.patient,
            prescription=row,
            moment="submit",
            asked_at=row.submitted_at,
            decision=decision,
            findings=[{"rule": rule, "level": level} for rule, level in findings],
        )
    return row


def shown(physician, **query):
    return text_of(Reader(physician).get("/physician/", **query))


def test_urgent_ones_come_first_and_then_the_oldest(physician):
    waiting(physician, name="若い 一郎", submitted_at=NOW - timedelta(minutes=5))
    waiting(physician, name="古い 二郎", submitted_at=NOW - timedelta(hours=3))
    waiting(physician, name="急ぐ 三郎", submitted_at=NOW, priority=1)

    said = shown(physician)

    assert said.index("急ぐ 三郎") < said.index("古い 二郎") < said.index("若い 一郎")
    assert "3 prescriptions wait" in said


@pytest.mark.parametrize(
    ("priority", "waited", "is_late"),
    [
        (2, timedelta(hours=24), False),
        (2, timedelta(hours=24, seconds=1), True),
        (1, timedelta(hours=4), False),
        (1, timedelta(hours=4, seconds=1), True),
    ],
)
def test_a_wait_beyond_its_limit_is_late(physician, priority, waited, is_late):
    waiting(physician, priority=priority, submitted_at=NOW - waited)

    assert ("Late" in shown(physician)) is is_late


def test_a_first_prescription_and_what_holds_it_are_said(physician):
    waiting(
        physician,
        decision="hold",
        findings=[("P-JP-02", "hold"), ("S-06", "counsel"), ("L-01", "senior")],
    )

    said = shown(physician)

    assert "First prescription" in said
    assert "On hold" in said
    assert "P-JP-02 L-01" in said
    assert "S-06" not in said


@pytest.mark.parametrize(
    ("before", "words"),
    [(10, "Dose raised 10 → 20 mg"), (40, "Dose lowered 40 → 20 mg"), (20, "Same dose again")],
)
def test_a_change_of_dose_is_said(physician, before, words):
    patient = PatientFactory(clinic=physician.clinic, on_clock=True)
    course = CourseFactory(patient=patient, running=True)
    PrescriptionFactory(course=course, dispensed=True, daily_mg=before)
    waiting(physician, course=course)

    assert words in shown(physician)


def test_one_that_was_returned_says_so(physician):
    waiting(physician, return_reason="dose", return_note="20 mg, please.")

    assert "Returned before" in shown(physician)


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("all", {"mine", "urgent", "senior"}),
        ("mine", {"mine"}),
        ("urgent", {"urgent"}),
        ("senior", {"senior"}),
        ("nonsense", {"mine", "urgent", "senior"}),
    ],
)
def test_it_can_be_narrowed(physician, chosen, names):
    waiting(physician, name="mine", created_by=physician.user)
    waiting(physician, name="urgent", priority=1)
    waiting(physician, name="senior", decision="senior")

    found = set(re.findall(r">(mine|urgent|senior)</span></a>", page(physician, filter=chosen)))

    assert found == names


def page(physician, **query):
    return Reader(physician).get("/physician/", **query).content.decode()


def test_a_decision_of_an_earlier_hand_in_counts_no_more(physician):
    row = waiting(physician, decision="senior", findings=[("D-02", "senior")])
    row.submitted_at += timedelta(minutes=5)
    row.save(update_fields=["submitted_at"])

    assert "D-02" not in shown(physician)
    assert "Nothing waits for review" in shown(physician, filter="senior")


def test_forty_are_shown_and_the_rest_is_on_the_next_page(physician):
    rows = [waiting(physician, submitted_at=NOW - timedelta(minutes=n)) for n in range(41, 0, -1)]

    first = page(physician)
    cursor = re.search(r"cursor=([^\"&]+)\" data-key", first).group(1)
    second = Reader(physician).client.get(f"/physician/?filter=all&cursor={cursor}")

    assert re.findall(r'id="(rx_\w+)"', first) == [row.ref for row in rows[:40]]
    assert re.findall(r'id="(rx_\w+)"', second.content.decode()) == [rows[40].ref]


def test_a_forged_cursor_is_refused(physician):
    assert Reader(physician).get("/physician/", cursor="forged").status_code == 400


def test_prescriptions_of_another_clinic_and_other_statuses_do_not_wait_here(physician):
    waiting(PhysicianFactory(clinic=ClinicFactory()), name="他院")
    PrescriptionFactory(course__patient__clinic=physician.clinic, draft=True)
    PrescriptionFactory(course__patient__clinic=physician.clinic, approved=True)

    said = shown(physician)

    assert "Nothing waits for review" in said
    assert "他院" not in said


def test_each_patient_shown_leaves_an_entry(physician):
    row = waiting(physician)

    shown(physician)

    entry = AuditEntry.objects.get(action="prescription.list")
    assert entry.pseudonym == pseudonym_of(row.patient.ref)


def test_the_list_by_itself_is_empty_while_nothing_changed(physician):
    row = waiting(physician)
    mark = re.search(r"mark=(\w+)", page(physician)).group(1)

    same = Reader(physician).get("/physician/queue", filter="all", mark=mark)
    waiting(physician, name="新しい 人")
    other = Reader(physician).get("/physician/queue", filter="all", mark=mark)

    assert (same.status_code, same.content) == (204, b"")
    assert AuditEntry.objects.filter(action="prescription.list").count() == 1 + 2
    assert other.status_code == 200
    assert row.ref in other.content.decode()
    assert "新しい 人" in other.content.decode()
    assert "<html" not in other.content.decode()


def test_a_full_page_takes_few_queries(physician, django_assert_max_num_queries):
    for _ in range(5):
        waiting(physician, decision="hold", findings=[("P-JP-02", "hold")])
    reader = Reader(physician)
    reader.get("/physician/")

    with django_assert_max_num_queries(QUERIES):
        reader.get("/physician/")


def test_the_index_of_the_worklist_gives_the_order(physician):
    rows = waiting_for_review(physician.user.actor)[:41]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            f"EXPLAIN {rows.query.sql_with_params()[0]}", rows.query.sql_with_params()[1]
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "prescription_worklist" in plan
    assert "Sort" not in plan


def test_a_patient_is_refused():
    assert Reader(PatientFactory()).get("/physician/").status_code == 403
