"""What a process does in a race. Imported there only after `gate.enter`."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from backend.booking.services.hold import hold_visit
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import Problem
from tests.booking import gate
from tests.factories.booking import NOW

Wish = tuple[UUID, UUID, UUID, datetime]


def hold_each(wishes: list[Wish]) -> Counter:
    """Wish for one slot a round, everybody at once; how it went, counted."""
    went: Counter = Counter()
    for clinic_id, physician_id, patient_id, starts_at in wishes:
        by = Actor(Role.PATIENT, "patient:race", clinic_id=clinic_id, patient_id=patient_id)
        gate.wait()
        try:
            hold_visit(physician_id=physician_id, starts_at=starts_at, by=by, at=NOW)
            went["held"] += 1
        except Problem as problem:
            went[problem.code] += 1
    return went
