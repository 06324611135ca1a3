"""A rule pack changed: whose decision would change with it?"""

from uuid import UUID

from backend import clock
from backend.kernel.actor import job
from backend.prescriptions.reassessing import packs_of_today
from backend.prescriptions.services.reassess_open import AT_A_TIME, reassess_open
from workers.tasks.run import task, uuid_of

PACKS = job("packs")


@task
def pack_activated(*, clinic_id: str, pack: str, **_later: object) -> None:
    """A clinic activated a pack, maybe for a later day: its physicians see at once what changes."""
    _review(uuid_of(clinic_id), pack)


@task
def pack_withdrawn(*, clinic_id: str, **_later: object) -> None:
    """A clinic took an activation back: the pack before it answers again."""
    _review_today(uuid_of(clinic_id))


@task
def review() -> None:
    """Whatever made another pack answer, a new day or a new file: each decision is asked once."""
    _review_today()


def _review_today(clinic_id: UUID | None = None) -> None:
    for clinic, zone, pack in list(packs_of_today(at=clock.now(), clinic_id=clinic_id)):
        _review(clinic, pack.id, zone=zone)


def _review(clinic_id: UUID, pack_id: str, *, zone: str | None = None) -> None:
    asked = AT_A_TIME
    while asked == AT_A_TIME:
        asked = reassess_open(
            clinic_id=clinic_id, pack_id=pack_id, zone=zone, by=PACKS, at=clock.now()
        )
