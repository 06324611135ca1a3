"""Use case: what would the rule book say?"""

from dataclasses import dataclass
from datetime import datetime

from backend.accounts.queries import clinic_of
from backend.audit.record import record
from backend.db import service
from backend.kernel.actor import Actor
from backend.protocol.assess import assess
from backend.protocol.findings import Assessment
from backend.rulebook.queries import activated_for
from backend.rulebook.question import Question, case_of, check_purpose, pack_of
from backend.rulebook.rules import ASSESSMENTS


@dataclass(frozen=True, slots=True)
class Asked:
    """What the entry is about: the pack that answered, for there is no row."""

    ref: str


@service
def ask_assessment(*, question: Question, by: Actor, at: datetime) -> Assessment:
    """The answer of every rule that the purpose asks, for invented facts. Nothing is stored.

    A programme means its pack in force at the question's instant, by what the asker's clinic had
    activated by then. The entry says that it was asked, with pack and purpose and without any
    fact. Raises
    BadFacts, NoSuchPack, NoSuchPurpose (422), each with pointers into the body.
    """
    check_purpose(question)
    case = case_of(question)
    activated = activated_for(clinic_of(by), at=case.now)
    pack = pack_of(question, case, activated)
    answer = assess(case, pack, question.purpose, activated)
    record(
        ASSESSMENTS["ask"].action,
        on=Asked(pack.id),
        by=by,
        at=at,
        facts={"pack": pack.version, "purpose": question.purpose},
    )
    return answer
