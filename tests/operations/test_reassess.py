"""`manage.py reassess`: whose decision changes when a pack does."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backend.audit.models import AuditEntry
from backend.kernel.actor import job
from backend.operations.management.commands import reassess as module
from backend.prescriptions import reassessing
from backend.prescriptions.models import Decision, Reassessment
from backend.protocol.pack import load
from backend.worklist.models import Task
from tests.factories.accounts import ClinicFactory
from tests.prescriptions.minors import GROWN_UP, MINOR, decided, prescription
from tests.protocol.situations import JP, UK, UK_2023

pytestmark = pytest.mark.django_db
ID = "[0-7][0-9a-z]{25}"


@pytest.fixture
def clinic():
    return ClinicFactory(programme="uk", zone="Europe/London")


def run(**options):
    """Lines of the answer, and of what is told on the way."""
    out, err = StringIO(), StringIO()
    call_command("reassess", **{"pack": UK_2023, **options}, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_one_line_says_whose_decision_changes_and_by_which_rules(clinic):
    row = prescription(clinic)
    decision = decided(row, MINOR)
    decided(prescription(clinic), GROWN_UP)

    lines, told = run()

    version = load(UK_2023).version
    assert lines == [
        f"{decision.ref} {row.ref} clear -> senior: C-05",
        f"1 of 2 decisions change under {version}: clear -> senior 1",
    ]
    assert re.fullmatch(f"dec_{ID} rx_{ID} clear -> senior: C-05", lines[0])
    assert told == []


def test_where_nothing_changes_it_says_so(clinic):
    decided(prescription(clinic), GROWN_UP)

    lines, _ = run()

    assert lines == [f"0 of 1 decisions change under {load(UK_2023).version}: none"]


def test_machines_get_an_object_a_line(clinic):
    row = prescription(clinic)
    decision = decided(row, MINOR)

    lines, _ = run(json=True)

    change, summary = map(json.loads, lines)
    assert change == {
        "decision": decision.ref,
        "prescription": row.ref,
        "was": "clear",
        "becomes": "senior",
        "rules": ["C-05"],
    }
    assert summary == {
        "pack_version": load(UK_2023).version,
        "asked": 1,
        "changed": 1,
        "changes": {"clear -> senior": 1},
    }


def test_it_changes_nothing_and_leaves_an_entry(clinic):
    decided(prescription(clinic), MINOR)

    run()

    entry = AuditEntry.objects.get(action="decision.reassess")
    assert (entry.actor, entry.object_ref) == (job("operator").label, "decision")
    assert entry.facts == {
        "pack_version": load(UK_2023).version,
        "asked": "1",
        "changed": "1",
    }
    assert Decision.objects.count() == 1
    assert not Reassessment.objects.exists()
    assert not Task.objects.exists()


def test_closed_prescriptions_are_asked_only_with_all(clinic):
    decided(prescription(clinic, status="dispensed"), MINOR)

    some, _ = run()
    every, _ = run(all=True)

    assert some[-1].startswith("0 of 0 ")
    assert every[-1].startswith("1 of 1 ")


def test_other_programmes_are_left_out_and_counted(clinic):
    japanese = prescription(ClinicFactory())
    decided(japanese, MINOR, pack=JP)

    lines, told = run()
    every, nothing_left_out = run(every_programme=True)

    assert lines[-1].startswith("0 of 0 ")
    assert told == [
        "left out: 1 decisions of clinics whose programme is not uk "
        "(--every-programme asks them too)"
    ]
    assert every[-1].startswith("0 of 1 ")
    assert nothing_left_out == []


def test_one_clinic_is_asked_whatever_its_programme(clinic):
    mine = decided(prescription(clinic), MINOR)
    other = prescription(ClinicFactory())
    decided(other, MINOR, pack=JP)

    here, _ = run(clinic=clinic.ref)
    there, told = run(clinic=other.clinic.ref)

    assert here[0].startswith(mine.ref)
    assert here[-1].startswith("1 of 1 ")
    assert there[-1].startswith("0 of 1 ")
    assert told == []


def test_a_version_that_decisions_were_made_by_can_be_named(clinic):
    decided(prescription(clinic), MINOR, pack=UK_2023)
    decided(prescription(clinic), MINOR, pack=UK)

    lines, _ = run(pack=load(UK_2023).version)

    assert lines[-1].startswith("1 of 2 ")


@pytest.mark.parametrize(
    "options",
    [
        {"pack": "uk_mhra_1999"},
        {"pack": "uk_mhra_2023@0000000000000000"},
        {"clinic": "cl_nobody"},
        {"clinic": "pt_" + "0" * 26},
    ],
)
def test_what_is_not_known_is_refused(clinic, options):
    with pytest.raises(CommandError, match=r"--(pack|clinic)="):
        run(**options)


def test_how_far_it_is_is_told_on_the_way(clinic, monkeypatch):
    monkeypatch.setattr(module, "TELL_EVERY", 2)
    for _ in range(5):
        decided(prescription(clinic), GROWN_UP)

    _, told = run()

    assert told == ["2 decisions asked", "4 decisions asked"]


def test_rows_come_a_few_at_a_time_in_one_cursor(clinic, monkeypatch):
    monkeypatch.setattr(reassessing, "AT_A_TIME", 2)
    for _ in range(5):
        decided(prescription(clinic), MINOR)
    answers = reassessing.reassess_all(reassessing.newest_decisions(), load(UK_2023))

    next(answers)

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_cursors WHERE name LIKE '_django_curs_%'")
        assert len(cursor.fetchall()) == 1
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    assert len(list(answers)) == 4


def test_more_decisions_cost_no_more_queries(clinic, django_assert_num_queries):
    decided(prescription(clinic), MINOR)
    run()
    with django_assert_num_queries(9):
        run()
    for _ in range(4):
        decided(prescription(clinic), MINOR)

    with django_assert_num_queries(9):
        assert run()[0][-1].startswith("5 of 5 ")
