"""Two people at once, on connections of their own: one order or the other, never both."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from backend.kernel.actor import Actor
from backend.kernel.errors import Problem
from backend.kernel.text import Text
from backend.prescriptions.models import Course, Prescription, Signature
from backend.prescriptions.services.approve import approve_prescription
from backend.prescriptions.services.decline import Declining, decline_prescription
from backend.prescriptions.services.halt import halt
from tests.at_once import at_once
from tests.factories.prescriptions import NOW, ready_prescription
from tests.prescriptions.people import physician_for

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(4)
WORDS = Declining("other", Text("今回は処方できません。", "Not this time."))


def outcomes(*acts: Callable[[], Any]) -> list[str]:
    """Of acts at the same moment, for each: `done` or the code of its refusal."""

    def outcome(act: Callable[[], Any]) -> str:
        try:
            act()
        except Problem as refusal:
            return refusal.code
        return "done"

    return at_once(*(partial(outcome, act) for act in acts))


def actor_for(row: Prescription) -> Actor:
    actor: Actor = physician_for(row).user.actor
    return actor


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_physicians_approve_and_decline_at_once_and_one_wins(_round):
    row = ready_prescription()
    one, other = actor_for(row), actor_for(row)

    answers = outcomes(
        lambda: approve_prescription(prescription_id=row.id, by=one, at=NOW),
        lambda: decline_prescription(prescription_id=row.id, declining=WORDS, by=other, at=NOW),
    )

    assert sorted(answers) == ["done", "not_allowed_from_here"]
    row.refresh_from_db()
    winner = "approved" if answers[0] == "done" else "declined"
    assert row.status == winner
    assert Signature.objects.filter(prescription=row).exists() == (winner == "approved")


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_physicians_approve_at_once_and_it_is_signed_once(_round):
    row = ready_prescription()
    physicians = [actor_for(row) for _ in range(3)]

    answers = outcomes(
        *(
            partial(approve_prescription, prescription_id=row.id, by=physician, at=NOW)
            for physician in physicians
        )
    )

    assert sorted(answers) == ["done", "not_allowed_from_here", "not_allowed_from_here"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_no_approved_prescription_survives_on_a_halted_course(_round):
    row = ready_prescription()
    approver, halter = actor_for(row), actor_for(row)

    answers = outcomes(
        lambda: approve_prescription(prescription_id=row.id, by=approver, at=NOW),
        lambda: halt(course_id=row.course_id, reason_code="pregnancy", by=halter, at=NOW),
    )

    assert answers[1] == "done"
    assert answers[0] in {"done", "not_allowed_from_here"}
    assert Course.objects.get(id=row.course_id).status == "halted"
    assert Prescription.objects.get(id=row.id).status == "voided"
