"""A sealer for tests: the real one's steps, with a key of the tests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from backend import clock
from backend.audit.export.manifest import sign_manifests
from backend.audit.seal import introduce, seal_batch, sign_checkpoints
from backend.transparency.notes import KeyKind, Signer
from tests.patience import PATIENCE_S

SIGNER = Signer(settings.AUDIT_ORIGIN, KeyKind.ED25519, b"\x07" * 32)
VKEY = str(SIGNER.verifier)

_WAITING = """
SELECT count(*) FROM audit_record AS record
WHERE NOT EXISTS (SELECT FROM audit_sealedleaf WHERE record_id = record.id)
"""


def waiting() -> int:
    """How many records are not sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return cursor.fetchone()[0]


def run_sealer(signer: Signer = SIGNER) -> None:
    """One round of `python -m workers.sealer`."""
    introduce(signer)
    seal_batch(holder="test", at=clock.now())
    sign_checkpoints(signer)
    sign_manifests(signer)


def seal_everything(signer: Signer = SIGNER) -> None:
    """Until nothing waits: transactions of other databases on the server hold sealing up, too."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        run_sealer(signer)
        if waiting() == 0:
            return
        time.sleep(0.05)
    pytest.fail("not sealed in time")


@contextmanager
def sealer_beside(signer: Signer = SIGNER) -> Iterator[None]:
    """A sealer that signs manifests while the block runs, as the process beside us does."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            sign_manifests(signer)
            stop.wait(0.05)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
