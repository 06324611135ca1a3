"""Has a physician anything to do with a patient? Asked of the view `care_relation` (decision 28).

Days are counted on the patient's own clock. `lasting` is CARE_RELATION_DAYS.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL

from backend.care.rules import Care
from backend.kernel.actor import Actor

# One arm for each kind of relation, so that each can start from its own index.
_RELATED = " UNION ALL ".join(
    f"""
    SELECT relation.patient_id FROM care_relation AS relation
    JOIN accounts_patient AS patient ON patient.id = relation.patient_id
    LEFT JOIN accounts_testclock AS clock ON clock.id = patient.test_clock_id
    WHERE relation.whose = '{whose}' AND {whom}
      AND (relation.counted_from IS NULL
           OR relation.counted_from > coalesce(clock.frozen_at, %s) - %s)"""  # noqa: S608
    for whose, whom in (
        ("own", "relation.user_id = %s"),
        ("clinic", "relation.clinic_id = %s"),
        ("senior", "relation.clinic_id = %s AND %s"),
    )
)
_GLASS = """
    SELECT access.patient_id FROM care_emergencyaccess AS access
    JOIN accounts_patient AS patient ON patient.id = access.patient_id
    LEFT JOIN accounts_testclock AS clock ON clock.id = patient.test_clock_id
    WHERE access.opened_by_id = %s AND access.granted_at <= coalesce(clock.frozen_at, %s)
      AND coalesce(access.ended_at, access.expires_at) > coalesce(clock.frozen_at, %s)"""
_OF_ONE = f"""
SELECT EXISTS (SELECT FROM ({_RELATED}) AS related WHERE related.patient_id = %s),
       EXISTS (SELECT FROM ({_GLASS}) AS opened WHERE opened.patient_id = %s)
"""  # noqa: S608 - texts of our own
_OPENED = f"SELECT opened.patient_id FROM ({_GLASS}) AS opened WHERE opened.patient_id = ANY(%s)"  # noqa: S608


def care_of(actor: Actor, patient_id: UUID, *, now: datetime) -> Care:
    """What the actor has to do with a patient; one query. `now` is the wall clock.

    While an access of the actor's runs it is an emergency, whatever else came of it meanwhile.
    """
    values = [*_related(actor, now), patient_id, *_glass(actor, now), patient_id]
    ((is_related, is_open),) = _asked(_OF_ONE, values)
    if is_open:
        return Care.EMERGENCY
    return Care.TREATMENT if is_related else Care.NONE


def patients_within_reach(actor: Actor, *, now: datetime) -> RawSQL:
    """The ids of all patients whose records the actor may open, as a subquery."""
    return RawSQL(  # noqa: S611 - texts of our own, values as parameters
        f"{_RELATED} UNION ALL {_GLASS}", [*_related(actor, now), *_glass(actor, now)]
    )


def opened_by_glass(actor: Actor, patient_ids: Sequence[UUID], *, now: datetime) -> set[UUID]:
    """Those of the patients whose record an emergency access of the actor opens now."""
    if not patient_ids:
        return set()
    rows = _asked(_OPENED, [*_glass(actor, now), list(patient_ids)])
    return {patient_id for (patient_id,) in rows}


def _related(actor: Actor, now: datetime) -> list[Any]:
    counted = [now, timedelta(days=settings.CARE_RELATION_DAYS)]
    return [
        *(actor.user_id, *counted),
        *(actor.clinic_id, *counted),
        *(actor.clinic_id, actor.is_senior, *counted),
    ]


def _glass(actor: Actor, now: datetime) -> list[Any]:
    return [actor.user_id, now, now]


def _asked(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
