"""What is asked for in words (`pt_…`, `2026-03-01`), and who is recorded to have looked."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice

from django.db import transaction

from backend.audit.export.errors import CannotExport
from backend.audit.export.scope import Scope, of_patient
from backend.audit.keys import pseudonym_of
from backend.audit.models import PatientKey
from backend.audit.record import record_look_at_pseudonyms
from backend.kernel.actor import Actor
from backend.kernel.ids import NotAnId, parse_id

AT_ONCE = 1_000


class NobodysRecords(CannotExport):
    """There is no such patient in the log."""

    code = "no_such_patient"


def patient_scope(named: str, *, opens_facts: bool = True, opens_rows: bool = True) -> Scope:
    """The scope of a patient by public id, or by pseudonym. Raises NobodysRecords."""
    ref, pseudonym = _patient(named)
    try:
        patient_id = parse_id("pt", ref) if ref else None
    except NotAnId as error:
        raise NobodysRecords(f"No entry concerns {named}.") from error
    return of_patient(pseudonym, patient_id, opens_facts=opens_facts, opens_rows=opens_rows)


def _patient(named: str) -> tuple[str | None, str]:
    """The public id, while the key exists, and the pseudonym."""
    if not named.startswith("psn_"):
        pseudonym = pseudonym_of(named)
        if pseudonym is None:
            raise NobodysRecords(
                f"No entry concerns {named}, or the key was destroyed: name the pseudonym (psn_…)."
            )
        return named, pseudonym
    row = PatientKey.objects.filter(pseudonym=named).first()
    if row is None:
        raise NobodysRecords(f"No entry concerns {named}.")
    return row.patient_ref, named


def instant_in(text: str) -> datetime:
    """An RFC 3339 instant with its offset, or a date, which is its midnight in UTC.

    Raises ValueError.
    """
    found = datetime.fromisoformat(text)
    if "T" not in text and " " not in text:
        return found.replace(tzinfo=UTC)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return found


def note_looks(action: str, pseudonyms: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Leave an entry for each patient whose records somebody was given."""
    rest = iter(sorted(pseudonyms))
    with transaction.atomic():
        while some := list(islice(rest, AT_ONCE)):
            record_look_at_pseudonyms(action, on=some, by=by, at=at)
