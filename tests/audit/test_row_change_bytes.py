"""What is proven of a row change: canonical bytes, and a commitment that can be computed again."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.models import RowChange
from backend.audit.record import leaf_hash
from backend.kernel.canonical import canonical
from tests.audit.changes import changes_of, last_change_of
from tests.factories.accounts import PatientFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.factories.records import StatementFactory, WeightFactory
from tests.factories.worklist import TaskFactory
from tests.policy.world import undone

pytestmark = pytest.mark.django_db
# All that PostgreSQL takes as text: no NUL, no lone surrogates.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60)
AWKWARD = [
    'a "quoted" label',
    "back\\slash",
    "tab\tnewline\ncontrol\x01\x1f\x7f",
    "素肌クリニック",
    "é \u2028 \u2029 </script>",
    "\U0001f9ea pill",
    "%s {} $1",
]


def images_of(change):
    """Before and after as the text that is committed to: the database's own spelling."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_build_array(before, after)::text FROM audit_rowchange WHERE id = %s",
            [change.id],
        )
        return cursor.fetchone()[0]


def changed_by(actor, request_id):
    """A row change that a transaction left, whose settings said who acts."""
    task = TaskFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('suhada.actor', %s, true), "
            "set_config('suhada.request_id', %s, true)",
            [actor, request_id],
        )
        cursor.execute("UPDATE worklist_task SET version = version + 1 WHERE id = %s", [task.id])
    return last_change_of(task)


def assert_proven(change):
    body = bytes(change.body)
    salt = bytes(change.salt)
    commitment = hashlib.sha256(salt + images_of(change).encode()).hexdigest()
    assert json.loads(body) == {
        "action": f"row.{change.operation}",
        "actor": change.actor,
        "commitment": commitment,
        "object": f"{change.table_name}/{change.row_id}",
        "request_id": change.request_id,
        "xid": str(change.xid),
    }
    assert canonical(json.loads(body)) == body
    assert bytes(change.leaf) == leaf_hash(body)
    assert len(salt) == 16


@pytest.mark.parametrize("words", AWKWARD)
def test_the_bytes_are_canonical_whatever_the_actor_is_called(words):
    change = changed_by(words, words)

    assert_proven(change)
    assert (change.actor, change.request_id) == (words, words)


@given(actor=TEXT, request_id=TEXT)
@settings(max_examples=150, deadline=None)
def test_the_bytes_are_those_of_rfc_8785(actor, request_id):
    with undone():
        change = changed_by(actor, request_id)

        assert_proven(change)
        assert (change.actor, change.request_id) == (actor, request_id)


def test_every_operation_commits_to_its_images():
    task = TaskFactory(note='「痛い」と "quoted" \\ back')
    task.version = 2
    task.save()
    task_id = task.id

    task.delete()

    changes = list(RowChange.objects.filter(row_id=str(task_id)).order_by("id"))
    assert [change.operation for change in changes] == ["insert", "update", "delete"]
    for change in changes:
        assert_proven(change)


def test_numbers_bytes_lists_and_nothing_are_kept_as_they_are():
    weight = WeightFactory(kg=Decimal("52.0"))
    statement = StatementFactory(value={"list": [1, 2.5, None, {"a": "é"}], "deep": {}})
    signature = PrescriptionFactory(approved=True).signature
    patient = PatientFactory()

    for row in (weight, statement, signature, patient):
        for change in changes_of(row):
            assert_proven(change)

    assert '"kg": 52.0' in images_of(changes_of(weight)[0])
    assert changes_of(statement)[0].after["value"] == statement.value
    kept = changes_of(signature)[0].after["signature"]
    assert kept == "\\x" + bytes(signature.signature).hex()
    assert changes_of(patient)[0].after["identity_verified_at"] is not None


def test_two_changes_to_the_same_end_have_different_salts_and_commitments():
    first, second = changed_by("one", "same"), changed_by("one", "same")

    assert bytes(first.salt) != bytes(second.salt)
    assert json.loads(bytes(first.body))["commitment"] not in bytes(second.body).decode()
