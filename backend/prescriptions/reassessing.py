"""Ask the stored facts of many decisions under another pack, and say whose decision changes."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.kernel.ids import public_id
from backend.prescriptions.models import Decision, Prescription
from backend.prescriptions.replaying import ask_again, differing_rules
from backend.prescriptions.rules import OPEN
from backend.protocol.facts import BadFacts
from backend.protocol.findings import Decision as Severity
from backend.protocol.pack import NoSuchPack, Pack, load
from backend.rulebook.queries import in_force_for, pack_of_version

MAY_IT_GO_ON = ("prescribe", "dispense")  # purposes of the decisions about a prescription
NOT_READABLE = "facts_not_readable"
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Reassessed:
    """One decision under another pack. `rules`: those that decide otherwise."""

    decision: str
    prescription: str
    was: str
    becomes: str
    rules: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the other pack decides otherwise."""
        return self.was != self.becomes

    @property
    def worsens(self) -> bool:
        """Whether it decides more severely."""
        return Severity(self.becomes).rank > Severity(self.was).rank


def pack_named(name: str) -> Pack:
    """The pack of an id, or of a version that decisions were made by (`id@hash`).

    Raises NoSuchPack, PackNotKept, PackAltered (422).
    """
    return pack_of_version(name) if "@" in name else load(name)


def packs_of_today(
    *, at: datetime, clinic_id: UUID | None = None
) -> Iterator[tuple[UUID, str, Pack]]:
    """Clinic, zone and the pack that answers there, wherever prescriptions are open at `at`.

    Where patients live counts, since their civil day does; patients on test clocks have days of
    their own and are left out, as are clinics without a pack in force.
    """
    rows = Prescription.objects.filter(status__in=OPEN, patient__test_clock__isnull=True)
    if clinic_id is not None:
        rows = rows.filter(clinic_id=clinic_id)
    places = rows.order_by("clinic_id", "patient__zone").distinct("clinic_id", "patient__zone")
    for row in places.select_related("patient__clinic"):
        with suppress(NoSuchPack):
            yield row.clinic_id, row.patient.zone, in_force_for(row.patient, at=at)[0]


def newest_decisions() -> QuerySet[Decision]:
    """The newest decision about each prescription: whether it may be prescribed, or handed over."""
    rows = Decision.objects.filter(purpose__in=MAY_IT_GO_ON, prescription__isnull=False)
    same_instant = Q(asked_at=OuterRef("asked_at"), id__gt=OuterRef("id"))
    newer = rows.filter(
        Q(asked_at__gt=OuterRef("asked_at")) | same_instant,
        prescription_id=OuterRef("prescription_id"),
    )
    return rows.filter(~Exists(newer))


def reassess(row: Decision, pack: Pack) -> Reassessed:
    """What `pack` says of the facts of a decision, at the instant that it was asked at.

    Facts that cannot be read any more hold: what is not known is never clear. Raises ValueError
    for a decision about no prescription.
    """
    if row.prescription_id is None:
        raise ValueError("A decision about no prescription.")
    becomes, rules = _answer(row, pack)
    return Reassessed(
        decision=row.ref,
        prescription=public_id(Prescription.PREFIX, row.prescription_id),
        was=row.decision,
        becomes=becomes,
        rules=rules,
    )


def reassess_all(rows: QuerySet[Decision], pack: Pack) -> Iterator[Reassessed]:
    """The same of every row, a few hundred in memory at a time, in no promised order.

    One transaction with a cursor on the server; it may take minutes.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        for row in rows.iterator(chunk_size=AT_A_TIME):
            yield reassess(row, pack)


def _answer(row: Decision, pack: Pack) -> tuple[str, tuple[str, ...]]:
    try:
        answer = ask_again(row.facts, row.purpose, at=row.asked_at, pack=pack)
    except BadFacts:
        return max(Severity.HOLD, Severity(row.decision), key=lambda at: at.rank), (NOT_READABLE,)
    if answer.decision.value == row.decision:
        return row.decision, ()
    return answer.decision.value, differing_rules(row.findings, answer)
