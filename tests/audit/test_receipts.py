"""Each checkpoint tells what came before it; PostgreSQL and the sealer let nobody break that."""

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from backend import clock
from backend.audit.models import Checkpoint, SealedLeaf
from backend.audit.seal import TrailBroken, seal_batch
from tests.audit.past_guards import tamper
from tests.audit.test_seal import note
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sealer_does_not_grow_a_tree_whose_tiles_were_changed(grow, physician_actor):
    grow(3)
    tamper("UPDATE audit_tile SET hashes = sha256('') || substring(hashes FROM 33)")
    note(PatientFactory(), physician_actor)

    with pytest.raises(TrailBroken, match="do not have the root of 3 leaves"):
        seal_until_it_must()

    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize("sql", ["DELETE FROM audit_tile", "UPDATE audit_tile SET hashes = 'x'"])
def test_the_sealer_does_not_grow_a_tree_whose_tiles_are_gone(grow, physician_actor, sql):
    grow(3)
    tamper(sql)
    note(PatientFactory(), physician_actor)

    with pytest.raises(TrailBroken, match="is missing or cut"):
        seal_until_it_must()


def seal_until_it_must():
    """Until something is settled: other databases on the server hold sealing up."""
    while not seal_batch(holder="test", at=clock.now()).leaves:
        pass


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        (
            "INSERT INTO audit_checkpoint VALUES (3, 'r', 5, now(), NULL, 3, 'c', NULL)",
            "checkpoint_grows",
        ),
        (
            "INSERT INTO audit_checkpoint VALUES (3, 'r', 5, now(), NULL, 0, 'c', NULL)",
            "one_checkpoint_follows",
        ),
        (
            "INSERT INTO audit_checkpoint VALUES (3, 'r', 5, now(), 'note', 2, 'c', NULL)",
            "checkpoint_signed_as_a_whole",
        ),
        ("UPDATE audit_checkpoint SET note = 'n', receipt = 'r', previous_size = 1", "only signed"),
        (
            "UPDATE audit_checkpoint SET note = 'n', receipt = 'r', columns_hash = 'c'",
            "only signed",
        ),
        ("UPDATE audit_checkpoint SET receipt = 'r'", "only signed"),
    ],
)
def test_postgresql_itself_refuses_checkpoints_that_do_not_follow(grow, sql, refusal):
    grow(2, sign=False)

    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_checkpoint_tells_how_the_tree_came_to_it(grow):
    grow(2)
    grow(3)

    assert list(Checkpoint.objects.order_by("size").values_list("previous_size", "size")) == [
        (0, 2),
        (2, 5),
    ]
    assert SealedLeaf.objects.count() == 5
    for row in Checkpoint.objects.all():
        assert f"after {row.previous_size}\nsettled {row.settled_xmin}\n" in row.receipt
