"""Whoever can write everything changes one thing in the sealed log: it is found, and named.

`make tamper` draws ten thousand; here every way of it is tried some times, from a fixed seed.
"""

from random import Random

import pytest

from dev.tamper.kinds.catalogue import KINDS
from dev.tamper.log import do, done, read_log
from dev.tamper.trial import tried, verdict_on
from dev.tamper.world import build
from tests.emptying import empty_the_tables

pytestmark = pytest.mark.django_db
TIMES = 6
WAYS = [(kind, way) for kind, ways in KINDS.items() for way, _weight in ways]


@pytest.fixture(scope="module")
def log(django_db_setup, django_db_blocker):
    """A sealed log of some hundreds of records; each tampering with it is undone."""
    with django_db_blocker.unblock():
        try:
            yield read_log(build())
        finally:
            empty_the_tables()


def outcomes(log, kind, way):
    chance, found = Random(way.__name__), []
    while len(found) < TIMES:
        outcome = tried(log, kind, way, chance)
        if outcome is not None:
            found.append(outcome)
    return found


def put_checkpoint_at(log, instant):
    size = log.sizes[-1]

    def way(_log, _chance):
        do("UPDATE audit_checkpoint SET sealed_at = %s WHERE size = %s", instant, size)
        return done(instant, leaves=log.batch(size))

    return tried(log, "nonsense", way, Random(0))


@pytest.mark.parametrize("instant", ["infinity", "-infinity", "4000-01-01 BC", "200000-01-01"])
def test_a_checkpoint_of_no_calendar_is_named_and_hides_nothing_else(log, instant):
    outcome = put_checkpoint_at(log, instant)

    assert outcome.found
    assert outcome.named
    assert not any("cannot be read" in said for said in outcome.said)


def test_a_log_that_nobody_tampered_with_is_sound(log):
    verdict = verdict_on(log, outside=True)

    assert verdict.findings == []
    assert verdict.records > verdict.tree_size == log.head > 256


@pytest.mark.parametrize(("kind", "way"), WAYS, ids=[way.__name__ for _kind, way in WAYS])
def test_tampering_is_found_and_named(log, kind, way):
    missed = [it for it in outcomes(log, kind, way) if not (it.found and it.named)]

    assert missed == []
