"""Ask the dispense rules at the counter, and keep the answer (W-01)."""

from datetime import datetime
from typing import Any

from backend.api.language import reader_language
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.pharmacy.errors import AwaitingPhysician, DispensingNotClear, FactsChanged
from backend.pharmacy.wording import for_pharmacy
from backend.prescriptions.changes import findings_since_approval
from backend.prescriptions.clearing import sign_offs_for, standing
from backend.prescriptions.models import Decision, Prescription
from backend.prescriptions.queries import assess_now, facts_for
from backend.prescriptions.steps.decide import decide
from backend.worklist.queries import open_tasks


def ask_rules(
    row: Prescription, *, moment: str, dispense: dict[str, Any], by: Actor, at: datetime
) -> Decision:
    """The stored decision, if the answer is clear or every senior finding of it is signed.

    `moment`: claim or hand_over. `dispense`: the facts of this step in the case vocabulary.
    The dispense rules do not ask for everything that an approval rests on: a fact that was noted
    or taken back since, and would refuse the approval, stops the step too. Raises
    AwaitingPhysician, DispensingNotClear or FactsChanged (409).
    """
    require_transaction()
    if open_tasks(row.patient).filter(blocks_release=True).exists():
        raise AwaitingPhysician()
    facts = facts_for(
        course=row.course, prescription=row, at=at, extra={"dispense": {"step": moment, **dispense}}
    )
    assessment, case = assess_now(facts, "dispense", row.patient, at)
    in_the_way = standing(assessment, sign_offs_for(row, approver_id=row.decided_by_id))
    if in_the_way:
        language = reader_language()
        raise DispensingNotClear(assessment.decision.value, for_pharmacy(in_the_way, language))
    if findings_since_approval(row, facts, at=at):
        raise FactsChanged()
    return decide(
        patient=row.patient,
        assessment=assessment,
        case=case,
        moment=moment,
        course=row.course,
        prescription=row,
        by=by,
        at=at,
    )
