"""Ask the rules at the counter, and keep the answer (W-01)."""

from datetime import datetime, timedelta
from typing import Any

from backend.api.language import reader_language
from backend.db import require_transaction
from backend.kernel.actor import Actor
from backend.pharmacy.errors import (
    AwaitingPhysician,
    DispensingNotClear,
    FactsChanged,
    FactsUnknown,
)
from backend.pharmacy.wording import for_pharmacy
from backend.prescriptions.changes import Change, changes_since_approval
from backend.prescriptions.models import Decision, Prescription
from backend.prescriptions.queries import facts_for
from backend.prescriptions.steps.decide import decide
from backend.prescriptions.steps.void_for_facts import void_for_facts
from backend.worklist.queries import open_tasks
from backend.worklist.rules import Priority, TaskKind
from backend.worklist.steps.open_task import open_task

ANSWER_WITHIN = timedelta(hours=24)


def ask_rules(
    row: Prescription, *, moment: str, dispense: dict[str, Any], by: Actor, at: datetime
) -> Decision:
    """The stored decision, if the answer is clear or every senior finding of it is signed.

    `moment`: claim or hand_over. `dispense`: the facts of this step in the case vocabulary.
    The dispense rules do not ask for everything that an approval rests on. A fact that changed
    since, and would refuse the approval, voids the prescription: FactsChanged (409), with effect.
    One that is not known any more stops the step until a physician has looked: FactsUnknown (409),
    with effect. Raises AwaitingPhysician and DispensingNotClear (409), which change nothing.
    """
    require_transaction()
    facts = facts_for(
        course=row.course, prescription=row, at=at, extra={"dispense": {"step": moment, **dispense}}
    )
    approval, release = changes_since_approval(row, facts, at=at)
    _require_unchanged(row, (release, approval), moment=moment, by=by, at=at)
    if open_tasks(row.patient).filter(blocks_release=True).exists():
        raise AwaitingPhysician()
    _require_known(row, (release, approval), by=by, at=at)
    if release.standing:
        said = for_pharmacy(release.standing, reader_language())
        raise DispensingNotClear(release.assessment.decision.value, said)
    return _keep(row, release, moment=moment, by=by, at=at)


def _require_unchanged(
    row: Prescription, changes: tuple[Change, ...], *, moment: str, by: Actor, at: datetime
) -> None:
    """Void it and raise FactsChanged if a fact changed; the findings are kept as decisions."""
    changed = [change for change in changes if change.known]
    if not changed:
        return
    for change in changed:
        _keep(row, change, moment=moment, by=by, at=at)
    findings = list(dict.fromkeys(finding for change in changed for finding in change.known))
    void_for_facts(row, findings=findings, by=by, at=at)
    raise FactsChanged(row.status, row.void_reason, for_pharmacy(findings, reader_language()))


def _require_known(
    row: Prescription, changes: tuple[Change, ...], *, by: Actor, at: datetime
) -> None:
    """Call a physician and raise FactsUnknown if something that was known is not any more."""
    if not any(change.unknown for change in changes):
        return
    open_task(
        patient=row.patient,
        kind=TaskKind.FACTS_UNKNOWN,
        priority=Priority.NORMAL,
        due_at=at + ANSWER_WITHIN,
        about_ref=row.ref,
        blocks_release=True,
        by=by,
        at=at,
    )
    raise FactsUnknown()


def _keep(row: Prescription, change: Change, *, moment: str, by: Actor, at: datetime) -> Decision:
    return decide(
        patient=row.patient,
        assessment=change.assessment,
        case=change.case,
        moment=moment,
        course=row.course,
        prescription=row,
        by=by,
        at=at,
    )
