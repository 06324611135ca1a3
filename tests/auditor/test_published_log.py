"""Witnesses and monitors read the log over HTTP, as C2SP's tlog-tiles says, and nothing else."""

import pytest
from django.db import transaction
from django.test import Client

from backend import clock
from backend.audit.models import AuditEntry, Checkpoint, Tile
from backend.audit.record import record
from backend.transparency.checkpoints import open_checkpoint
from backend.transparency.notes import VerifierKey
from backend.transparency.tiles import root_at, tile_path, tiles_of
from tests.audit.sealing import SIGNER, seal_everything
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)


def get(path):
    return Client().get(f"/audit/{path}")


@pytest.fixture
def size(physician_actor):
    """A log of some more than one tile."""
    patient = PatientFactory()
    with transaction.atomic():
        for _ in range(300):
            record("patient.read", on=patient, by=physician_actor, at=clock.now())
    seal_everything()
    return Checkpoint.objects.latest("size").size


def test_the_root_can_be_computed_from_what_is_published(size):
    key = VerifierKey.parse(get("vkey").content.decode().strip())
    head = open_checkpoint(get("checkpoint").content, key)
    published = {
        (name.level, name.index): get(tile_path(name)).content for name in tiles_of(head.size)
    }

    assert key == SIGNER.verifier
    assert (head.size, head.origin) == (size, SIGNER.name)
    assert root_at(size, lambda level, index: published[level, index]) == head.root


def test_kinds_and_caching_are_as_specified(size):
    checkpoint, key, tile = get("checkpoint"), get("vkey"), get("tile/0/000")

    assert checkpoint["Content-Type"] == key["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint["Cache-Control"] == "public, max-age=5"
    assert tile["Content-Type"] == "application/octet-stream"
    assert tile["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(tile.content) == 8192


def test_a_partial_tile_is_the_beginning_of_the_later_one(size):
    row = Tile.objects.get(level=0, tile_index=1)
    width = size - 256

    assert get(f"tile/0/001.p/{width}").content == bytes(row.hashes)
    assert get("tile/0/001.p/1").content == bytes(row.hashes)[:32]
    assert get("tile/0/000.p/7").content == get("tile/0/000").content[: 7 * 32]


NOT_THERE = (
    *("0/001", "0/001.p/255", "0/001.p/256", "0/001.p/0", "0/002.p/1", "1/000", "2/000.p/1"),
    *("entries/000", "0/0", "00/000", "64/000", "0/x000/000", "0/000.p/07"),
    *("", "0/../../secret", "0/９"),
)


def test_what_is_not_in_the_tree_or_not_spelled_so_is_not_there(size):
    statuses = {place: get(f"tile/{place}").status_code for place in NOT_THERE}

    assert statuses == dict.fromkeys(NOT_THERE, 404)


def test_what_no_checkpoint_covers_yet_is_not_there(size, physician_actor):
    tile = Tile.objects.get(level=0, tile_index=1)
    tile.hashes = bytes(tile.hashes) + bytes(32)
    tile.save()

    assert get(f"tile/0/001.p/{size - 256}").status_code == 200
    assert get(f"tile/0/001.p/{size - 256 + 1}").status_code == 404


def test_before_anything_is_sealed_there_is_nothing():
    PatientFactory()

    for path in ("checkpoint", "vkey", "tile/0/000.p/1"):
        answer = get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_hashes_are_for_everybody_and_reading_them_leaves_no_entry(size):
    for path in ("checkpoint", "vkey", "tile/0/000"):
        assert get(path).status_code == 200

    assert AuditEntry.objects.exclude(action="patient.read").count() == 0
    assert Client().post("/audit/checkpoint").status_code == 405
