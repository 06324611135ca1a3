"""Many who write at once, one who seals and one who verifies meanwhile; then the account is made.

Used in threads by the tests, and in processes by `make writers` and `make kills`.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import connections, transaction

from backend import clock
from backend.accounts.models import Patient
from backend.audit.models import AuditEntry, Checkpoint, RowChange, SealedLeaf
from backend.audit.record import record
from backend.audit.verify.trail import verify_trail
from backend.kernel.actor import Actor, Role
from backend.transparency.notes import Signer, VerifierKey
from tests.factories.notifications import NotificationFactory

BY = Actor(role=Role.PHYSICIAN, label="physician:usr_crowd")
UNDONE, SLOW, CHANGES = 0.1, 0.05, 0.3
"""Shares of transactions that are rolled back, that dawdle, and that change a clinical row."""
LONGEST_S = 1.0


class _Undo(Exception):
    pass


@dataclass
class Written:
    """The entries that were committed, and those that were not, by number."""

    kept: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)

    def add(self, other: "Written") -> None:
        """Those of another writer as well."""
        self.kept += other.kept
        self.undone += other.undone


def write(stop: Callable[[], bool], seed: int) -> Written:
    """Write transactions of a few entries each until told to stop."""
    chance, written = Random(seed), Written()
    try:
        patients = list(Patient.objects.all()[:50])
        while not stop():
            _one(chance, chance.choice(patients), written)
    finally:
        connections.close_all()
    return written


def _one(chance: Random, patient: Any, written: Written) -> None:
    ids: list[int] = []
    try:
        with transaction.atomic():
            for number in range(chance.randrange(1, 4)):
                facts = {"number": str(number)}
                ids.append(record("crowd.write", on=patient, by=BY, at=clock.now(), facts=facts).id)
            if chance.random() < CHANGES:
                NotificationFactory(patient=patient, key=uuid.uuid4().hex)
            if chance.random() < SLOW:
                time.sleep(chance.random() * LONGEST_S)
            if chance.random() < UNDONE:
                raise _Undo
    except _Undo:
        written.undone += ids
        return
    written.kept += ids


def write_in_threads(stop: Callable[[], bool], threads: int, seed: int) -> Written:
    """So many writers of this process; raises what the first of them that failed raised."""
    found: list[Written | BaseException] = []

    def run(number: int) -> None:
        try:
            found.append(write(stop, seed + number))
        except BaseException as error:  # told below, in the thread that asked
            found.append(error)

    writers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    total = Written()
    for one in found:
        if isinstance(one, BaseException):
            raise one
        total.add(one)
    return total


@dataclass
class Watched:
    """How often the trail was verified meanwhile, and everything that was said against it."""

    times: int = 0
    alarms: list[str] = field(default_factory=list)


def watch(stop: Callable[[], bool], keys: Sequence[VerifierKey]) -> Watched:
    """Verify the whole trail again and again."""
    watched = Watched()
    try:
        while not stop():
            watched.alarms += [str(finding) for finding in verify_trail(keys=keys).findings]
            watched.times += 1
    finally:
        connections.close_all()
    return watched


def account(kept: Iterable[int], undone: Iterable[int], signer: Signer) -> list[str]:
    """What is wrong once all is sealed: gaps, what was not sealed, what never was, the verdict."""
    leaves = dict(SealedLeaf.objects.values_list("record_id", "leaf_index"))
    ids = {*AuditEntry.objects.values_list("id", flat=True)}
    ids |= {*RowChange.objects.values_list("id", flat=True)}
    head = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    wrong = []
    if sorted(leaves.values()) != list(range(len(leaves))) or len(leaves) != head:
        wrong.append(f"{len(leaves)} leaves of a tree of {head} are not numbered without gaps")
    for what, numbers in (
        ("committed, and not sealed", {*kept} - leaves.keys()),
        ("committed, and not there", {*kept} - ids),
        ("there, and not sealed", ids - leaves.keys()),
        ("rolled back, and sealed", {*undone} & leaves.keys()),
    ):
        if numbers:
            wrong.append(f"{len(numbers)} records were {what}, the first is {min(numbers)}")
    wrong += [str(finding) for finding in verify_trail(keys=[signer.verifier]).findings]
    return wrong
