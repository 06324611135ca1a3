"""Whose records may be opened: one policy for every endpoint, found by the name in the settings.

Care relations rest on visits, prescriptions and tasks, which live floors above; so the policy is
theirs (`backend.care.policy`), and this is the door in the wall.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.module_loading import import_string

from backend.db import Row
from backend.kernel.actor import Actor
from backend.kernel.errors import Forbidden
from backend.kernel.ids import NotAnId, parse_id
from backend.kernel.text import Text


class CareRelationRequired(Forbidden):
    """The physician has nothing to do with this patient, or not any more."""

    code = "care_relation_required"
    title = Text(
        "この患者との診療関係がないため、記録を開けません",
        "You have no care relation with this patient",
    )


class CarePolicy(Protocol):
    """What every endpoint asks before it shows a row or lets somebody act on it."""

    def admit(self, row: Row, actor: Actor) -> None:
        """Let a row be shown to and acted on by the actor.

        Raises CareRelationRequired (403), or NotFound (404) for a patient who was erased. What
        is left of the request is an emergency where broken glass alone opened the record.
        """

    def within_reach(
        self, rows: QuerySet[Any], actor: Actor, *, patient: UUID | None
    ) -> QuerySet[Any]:
        """Those of the rows that a list may show; `patient`: whom its filter names.

        Raises CareRelationRequired (403) for that one rather than show an empty list.
        """

    def seen_through_glass(self, rows: Iterable[Any], actor: Actor) -> set[UUID]:
        """The patients among the rows whom only an emergency access of the actor opened."""


def within_reach(rows: QuerySet[Any], query: QueryDict, actor: Actor) -> QuerySet[Any]:
    """The rows that a list may show, as its query string asks. Raises CareRelationRequired."""
    try:
        patient = parse_id("pt", query.get("patient", ""))
    except NotAnId:
        patient = None
    return policy().within_reach(rows, actor, patient=patient)


@cache
def policy() -> CarePolicy:
    """The policy in force: CARE_POLICY of the settings."""
    found: CarePolicy = import_string(settings.CARE_POLICY)()
    return found
