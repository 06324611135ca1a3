"""What is asked, read strictly: each complaint points into the body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework.exceptions import ValidationError

from backend.api.fields import Instant
from backend.kernel.errors import FieldError
from backend.kernel.text import Text
from backend.protocol.assess import NoSuchPurpose
from backend.protocol.case import Case
from backend.protocol.facts import BadFacts, case_from_facts
from backend.protocol.pack import Activated, NoSuchPack, Pack, pack_for
from backend.protocol.vocabulary import PURPOSES

MOST_COMPLAINTS = 100


@dataclass(frozen=True, slots=True)
class Question:
    """A what-if question as it came: a pack id or programme, a purpose, RFC 3339, facts."""

    pack: str
    purpose: str
    now: str
    facts: Mapping[str, Any]


def case_of(question: Question) -> Case:
    """The case. Raises BadFacts (422) with pointers `/now` or `/facts/…`, at most a hundred."""
    now = _instant(question.now)
    try:
        return case_from_facts(question.facts, now)
    except BadFacts as bad:
        raise BadFacts(
            [
                FieldError(f"/facts{error.pointer}", error.code, error.detail)
                for error in bad.errors[:MOST_COMPLAINTS]
            ]
        ) from bad


def pack_of(question: Question, case: Case, activated: Activated) -> Pack:
    """The pack that answers (X-07). Raises NoSuchPack (422) with the pointer `/pack`."""
    try:
        return pack_for(question.pack, case, activated)
    except NoSuchPack as unknown:
        detail = unknown.detail or unknown.title
        raise NoSuchPack(detail, [FieldError("/pack", unknown.code, detail)]) from unknown


def check_purpose(question: Question) -> None:
    """Raise NoSuchPurpose (422) with the pointer `/purpose`."""
    if question.purpose not in PURPOSES:
        known = ", ".join(sorted(PURPOSES))
        detail = Text(f"目的は次のいずれかです: {known}", f"The purpose is one of: {known}")
        raise NoSuchPurpose(detail, [FieldError("/purpose", NoSuchPurpose.code, detail)])


def _instant(text: str) -> datetime:
    try:
        instant: datetime = Instant().run_validation(text)
    except ValidationError as error:
        detail = Text(
            "時差のある RFC 3339 の日時が必要です。",
            "Needs an instant in RFC 3339, with its offset.",
        )
        raise BadFacts([FieldError("/now", "impossible_instant", detail)]) from error
    return instant
