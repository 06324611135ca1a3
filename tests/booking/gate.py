"""A process of its own in a race: no interpreter lock keeps it from meeting the others."""

from multiprocessing.synchronize import Barrier

import django

_gate: list[Barrier] = []


def enter(barrier: Barrier) -> None:
    """What each process does first: set Django up, take its place at the gate."""
    django.setup()
    _gate.append(barrier)


def wait() -> None:
    """Go on when everybody is here."""
    _gate[0].wait(timeout=60)
