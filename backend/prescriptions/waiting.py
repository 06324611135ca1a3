"""What waits for a review: in which order, until when, and why each prescription is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet

from backend.kernel.actor import Actor
from backend.prescriptions.models import Decision, Prescription
from backend.prescriptions.queries import prescriptions_visible_to
from backend.prescriptions.rules import REVIEW_WITHIN, Moment, PrescriptionStatus, Priority

WORKLIST = ("priority", "submitted_at", "id")  # the index prescription_worklist


@dataclass(frozen=True, slots=True)
class Why:
    """Why a prescription waits for a physician.

    `decision`: what the rules said when it was handed in; None where nothing was kept.
    `rules`: those that did not let it pass, the most severe first. `last_daily_mg`: the dose that
    was handed over last on this course; None = it is the first. `was_returned`: somebody sent it
    back, and it was handed in again.
    """

    decision: str | None
    rules: tuple[str, ...]
    last_daily_mg: int | None
    was_returned: bool


def waiting_for_review(actor: Actor) -> QuerySet[Prescription]:
    """The clinic's prescriptions in review, the most urgent and then the oldest first.

    A prescription in review makes every physician of the clinic one of those who may look at its
    patient (decision 28): the list needs no further condition.
    """
    rows = prescriptions_visible_to(actor).filter(status=PrescriptionStatus.IN_REVIEW.value)
    return rows.order_by(*WORKLIST)


def needing_a_senior(rows: QuerySet[Prescription]) -> QuerySet[Prescription]:
    """Those for which the rules asked for a second physician when they were handed in."""
    said = Decision.objects.filter(
        prescription=OuterRef("id"),
        moment=Moment.SUBMIT.value,
        asked_at=OuterRef("submitted_at"),
        decision="senior",
    )
    return rows.filter(Exists(said))


def to_review_by(row: Prescription) -> datetime | None:
    """When a prescription in review should have been answered; None before it was handed in."""
    if row.submitted_at is None:
        return None
    return row.submitted_at + REVIEW_WITHIN[Priority(row.priority_code)]


def why_waiting(rows: Iterable[Prescription]) -> dict[UUID, Why]:
    """For each prescription, why it waits. Two queries, however many there are."""
    waiting = list(rows)
    said = _said_when_handed_in(waiting)
    doses = _last_doses(waiting)
    return {row.id: _why(row, said.get(row.id), doses.get(row.course_id)) for row in waiting}


def _why(row: Prescription, said: tuple[str, tuple[str, ...]] | None, dose: int | None) -> Why:
    decision, rules = said or (None, ())
    return Why(decision, rules, dose, was_returned=row.return_reason is not None)


class _Refusing(Func):
    """Rule and level of the stored findings that refuse; the rest of them stays in the database."""

    template = (
        "jsonb_path_query_array(%(expressions)s, "
        '\'$[*] ? (@.level == "senior" || @.level == "hold" || @.level == "block"'
        ' || @.level == "stop" || @.level == "urgent").rule\')'
    )
    output_field = JSONField()


def _said_when_handed_in(rows: list[Prescription]) -> dict[UUID, tuple[str, tuple[str, ...]]]:
    found = Decision.objects.filter(
        prescription_id__in=[row.id for row in rows],
        moment=Moment.SUBMIT.value,
        asked_at=F("prescription__submitted_at"),
    ).values_list("prescription_id", "decision", _Refusing("findings"))
    return {key: (decision, _distinct(rules)) for key, decision, rules in found}


def _distinct(rules: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(rule) for rule in rules))


def _last_doses(rows: list[Prescription]) -> dict[UUID, int]:
    handed_over = Prescription.objects.filter(
        course_id__in=[row.course_id for row in rows], dispensed_capsules__gt=0
    )
    newest = handed_over.order_by("course_id", "-issued_on", "-id").distinct("course_id")
    return dict(newest.values_list("course_id", "daily_mg"))


def next_to_review(actor: Actor, after: Prescription) -> Prescription | None:
    """What comes after a prescription in the queue; after the last one, the first; or None."""
    waiting = waiting_for_review(actor).exclude(id=after.id)
    same = Q(priority=after.priority)
    if after.submitted_at is not None:
        later = Q(submitted_at=after.submitted_at, id__gt=after.id)
        beyond = Q(priority__gt=after.priority) | same & (
            Q(submitted_at__gt=after.submitted_at) | later
        )
        if found := waiting.filter(beyond).first():
            return found
    return waiting.first()
