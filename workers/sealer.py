"""The sealer: run as `python -m workers.sealer`.

Every SEAL_SECONDS it puts what is settled into the tree and signs the checkpoint, and the manifests
of bundles that were exported. Several may run: whoever gets the lock seals, the others look again.
Killed at any point it leaves a tree that is right, and the next run goes on from there.
"""

import os
import signal
import socket
import threading

import django
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

django.setup()

from backend import clock
from backend.audit.anchoring import anchor_newest, configured_anchors
from backend.audit.export.manifest import sign_manifests
from backend.audit.seal import TrailBroken, introduce, seal_batch, sign_checkpoints
from backend.transparency.notes import KeyKind, Signer

log = structlog.get_logger("sealer")


def the_signer() -> Signer:
    """The log's key. Raises RuntimeError without one: nothing is sealed that cannot be signed."""
    if settings.AUDIT_SIGNING_KEY is None:
        raise RuntimeError("AUDIT_SIGNING_KEY is not set; see .env.example.")
    return Signer(settings.AUDIT_ORIGIN, KeyKind.ED25519, settings.AUDIT_SIGNING_KEY)


def seal_all(signer: Signer, holder: str) -> int:
    """Seal until nothing waits, signing after each batch; how many leaves are new."""
    leaves, more = 0, True
    while more:
        sealed = seal_batch(holder=holder, at=clock.now())
        if sealed is None:
            return leaves
        leaves, more = leaves + sealed.leaves, sealed.more
        sign_checkpoints(signer)
    return leaves


def run(stop: threading.Event) -> None:
    """Seal until told to stop."""
    signer, holder = the_signer(), f"{socket.gethostname()}:{os.getpid()}"
    anchors, introduced = configured_anchors(), False
    while not stop.is_set():
        try:
            if not introduced:
                introduce(signer)
                introduced = True
            seal_all(signer, holder)
            sign_manifests(signer)
            for name, reason in anchor_newest(anchors, at=clock.now()).items():
                log.warning("anchor_failed", anchor=name, reason=reason)
        except DatabaseError as error:
            log.warning("sealer_waits", reason=type(error).__name__)
            close_old_connections()
        except TrailBroken as broken:  # nothing is signed that is not the tree; people must look
            log.error("sealer_refuses", reason=str(broken))
        stop.wait(settings.SEAL_SECONDS)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("sealer_started")
    run(stop)
    log.info("sealer_stopped")


if __name__ == "__main__":
    main()
