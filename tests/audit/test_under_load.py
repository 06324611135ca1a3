"""Many write, one seals and one verifies, and the sealer is killed: no alarm, no gap, one tree.

Five seconds and ten kills of what `make writers` and `make kills` do for minutes.
"""

import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection, connections

from backend import clock
from backend.audit.seal import introduce, seal_batch, sign_checkpoints
from backend.audit.verify.trail import verify_trail
from backend.transparency.notes import KeyKind, Signer
from dev.tamper.crowd import account, watch, write_in_threads
from dev.tamper.memory import Memory
from tests.factories.accounts import PatientFactory
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, SECONDS = 24, 5
KILLS, LONGEST_MS = 10, 250
SIGNER = Signer("suhada.example/audit", KeyKind.ED25519, bytes(range(32)))


@pytest.fixture(autouse=True)
def _patients():
    PatientFactory.create_batch(5)
    introduce(SIGNER)


def settled(written):
    """What is wrong once the sealer has caught up, however long other databases hold it up."""
    until = time.monotonic() + PATIENCE_S
    while (wrong := account(written.kept, written.undone, SIGNER)) and time.monotonic() < until:
        seal_batch(holder="test", at=clock.now())
        sign_checkpoints(SIGNER)
    return wrong


def seal_on(stop):
    try:
        while not stop():
            seal_batch(holder="test", at=clock.now())
            sign_checkpoints(SIGNER)
            time.sleep(0.2)
    finally:
        connections.close_all()


def test_nothing_is_missed_and_no_alarm_is_raised_while_many_write():
    end = time.monotonic() + SECONDS

    def stop():
        return time.monotonic() > end

    with ThreadPoolExecutor(2) as pool:
        sealing = pool.submit(seal_on, stop)
        watching = pool.submit(watch, stop, [SIGNER.verifier])
        written = write_in_threads(stop, WRITERS, seed=7)
        sealing.result()
        watched = watching.result()

    assert watched.alarms == []
    assert watched.times > 0
    assert len(written.kept) > 100
    assert written.undone != []
    assert settled(written) == []


@pytest.fixture
def forks():
    """A process that runs `workers.sealer` and kills it, again and again; asked with `kill`."""
    at = connection.settings_dict
    server = f"{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{server}/{at['NAME']}",
        "AUDIT_SIGNING_KEY": b64encode(SIGNER.seed).decode(),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "dev.tamper.forks"],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.communicate()


def kill(forks, after_ms):
    forks.stdin.write(f"{after_ms}\n")
    forks.stdin.flush()
    assert forks.stdout.readline() == "killed\n"


def test_a_sealer_that_is_killed_leaves_one_tree_and_the_next_one_catches_up(forks):
    chance, memory, over = Random(11), Memory(SIGNER.verifier), threading.Event()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_in_threads, over.is_set, 2, 1)
        try:
            wrong = [told for _ in range(KILLS) for told in after_kill(forks, chance, memory)]
        finally:
            over.set()
        written = writing.result()

    assert wrong == []
    assert settled(written) == []
    assert memory.look() == []
    assert memory.roots


def after_kill(forks, chance, memory):
    """What is wrong with the tree, now that a sealer was killed in the middle of its work."""
    kill(forks, chance.randrange(LONGEST_MS))
    found = verify_trail(keys=[SIGNER.verifier]).findings
    return [*memory.look(), *map(str, found)]
