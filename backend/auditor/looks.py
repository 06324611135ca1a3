"""Whoever reads the trail of patients leaves an entry for each of them."""

from collections.abc import Iterable

from django.db import transaction

from backend import clock
from backend.api.entries import Target
from backend.audit.export.asked import note_looks
from backend.audit.record import record
from backend.kernel.actor import Actor
from backend.kernel.verbs import Verb


def note_read(verb: Verb, pseudonyms: Iterable[str | None], *, by: Actor) -> None:
    """One entry for each patient whose trail was shown, or one for a list that shows none."""
    shown = {name for name in pseudonyms if name}
    if shown:
        note_looks(verb.action, shown, by=by, at=clock.now())
        return
    with transaction.atomic():
        record(verb.action, on=Target(verb.thing), by=by, at=clock.now())
