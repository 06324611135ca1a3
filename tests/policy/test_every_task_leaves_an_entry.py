"""What the workers do to patients' records is in the trail: who, for which message, in one piece.

Every task of the registry is run with something real to do. What it changes, it changes in a
transaction that holds an entry; what it only read leaves an entry, too.
"""

import pytest

from backend.audit.models import AuditEntry, RowChange
from tests.policy.jobs import NOTHING_TO_DO, SITUATIONS
from workers.app import app

WHOLE = "workers.tasks."
# Tasks that read and change no clinical row, each with its reason.
NO_PATIENTS = {
    "trail.watch": "asks how old the oldest unsealed record is, and opens none",
    "trail.verify": "hashes what is sealed, opens no patient's facts, and keeps its verdict",
    "upkeep.forget": "drops kept replies and sessions that have expired",
}

# Tasks that read patients' records and leave them as they were.
CHANGE_NO_RECORD = {
    "retention.review",
    "exports.build",
    "exports.build_waiting",
    "exports.sweep",
    "followups.weigh_answers",
}


@pytest.fixture(autouse=True)
def _tasks_are_known():
    app.loader.import_default_modules()


class Run:
    """One run of a task: what it left in the trail."""

    def __init__(self, name, make):
        """Make the rows, then do what the message says."""
        message = make()
        last = max(_last(AuditEntry), _last(RowChange))
        app.tasks[WHOLE + name](**message)
        self.entries = list(AuditEntry.objects.filter(id__gt=last))
        self.changes = list(RowChange.objects.filter(id__gt=last))
        event_id = message.get("event_id")
        self.request = f"event_{event_id}" if event_id else f"{name.replace('.', '_')}_"

    def unaccounted(self):
        """What is wrong with what it left; None where all is accounted for."""
        records = [*self.entries, *self.changes]
        if not self.entries:
            return f"no entry, {len(self.changes)} rows changed"
        if strange := {one.actor for one in records if not one.actor.startswith("job:")}:
            return f"done by {sorted(strange)}"
        if strange := {r.request_id for r in records if not r.request_id.startswith(self.request)}:
            return f"for {sorted(strange)}"
        if len({one.request_id for one in records}) > 1:
            return "one run, several numbers"
        return None

    def unexplained(self):
        """Tables that it changed in a transaction without any entry."""
        explained = {entry.xid for entry in self.entries}
        return sorted({c.table_name for c in self.changes if c.xid not in explained})


def _last(model):
    return model.objects.order_by("-id").values_list("id", flat=True).first() or 0


def test_every_task_of_the_registry_is_walked_or_pardoned():
    known = {name.removeprefix(WHOLE) for name in app.tasks if name.startswith(WHOLE)}

    assert known == set(SITUATIONS) | set(NO_PATIENTS)
    assert set(NOTHING_TO_DO) <= set(SITUATIONS)
    assert not set(SITUATIONS) & set(NO_PATIENTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_a_task_with_something_to_do_leaves_entries_of_its_own(name):
    run = Run(name, SITUATIONS[name])

    assert run.unaccounted() is None
    assert run.changes or name in CHANGE_NO_RECORD


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(NOTHING_TO_DO))
def test_a_task_that_had_nothing_to_do_leaves_an_entry_that_it_looked(name):
    run = Run(name, NOTHING_TO_DO[name])

    assert run.unaccounted() is None


@pytest.mark.django_db
def test_a_look_names_the_task_the_event_and_the_patient():
    run = Run("followups.stop", NOTHING_TO_DO["followups.stop"])

    (entry,) = run.entries
    assert (entry.actor, entry.action) == ("job:followups.stop", "job.followups.stop")
    assert entry.object_ref.startswith("crs_")
    assert entry.patient_ref.startswith("pt_")


@pytest.mark.django_db(transaction=True)
def test_no_task_changes_a_row_in_a_transaction_without_an_entry():
    walk = [*SITUATIONS.items(), *NOTHING_TO_DO.items()]
    found = {name: Run(name, make).unexplained() for name, make in walk}

    assert {name: tables for name, tables in found.items() if tables} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in SITUATIONS if "sweep" in name))
def test_a_sweep_that_finds_nothing_due_opened_no_record(name):
    run = Run(name, dict)

    assert (run.entries, run.changes) == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(NO_PATIENTS))
def test_a_task_without_patients_changes_no_clinical_row(name):
    run = Run(name, dict)

    assert run.changes == []
