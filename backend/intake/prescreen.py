"""Ask the protocol whether this person is a candidate (purpose `intake`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.accounts.models import Patient
from backend.intake import queries
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.findings import Assessment
from backend.records.queries import facts_about
from backend.rulebook.queries import in_force_for

PURPOSE = "intake"
PENDING = {"status": "not_started"}  # a new intake always comes before a first dose


def prescreen(patient: Patient, *, plan: Mapping[str, Any], at: datetime) -> Assessment:
    """What the pack in force for the clinic's programme says of what is known now.

    `plan` are the facts of the contract that the clinic sells (J-22). Raises NoSuchPack.
    """
    facts = facts_about(patient, at=at)
    facts["patient"] = {
        **facts.get("patient", {}),
        "zone": patient.zone,
        "birth_on": str(patient.birth_on),
    }
    facts["course"] = {**facts.get("course", {}), **PENDING}
    facts["plan"] = dict(plan)
    facts.update(queries.facts_about(patient, at=at))
    pack, activated = in_force_for(patient, at=at)
    return assess(case_from_facts(facts, at), pack, PURPOSE, activated)
