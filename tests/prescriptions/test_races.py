"""Two people at once, on connections of their own: one order or the other, never both."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from backend.kernel.actor import Actor
from backend.kernel.errors import Problem
from backend.kernel.text import Text
from backend.prescriptions.models import Course, Prescription, Signature
from backend.prescriptions.services.approve import approve_prescription
from backend.prescriptions.services.decline import Declining, decline_prescription
from backend.prescriptions.services.halt import halt
from tests.factories.prescriptions import NOW, ready_prescription
from tests.prescriptions.people import physician_for

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(4)
WORDS = Declining("other", Text("今回は処方できません。", "Not this time."))


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Start all acts at the same moment; for each, `done` or the code of its refusal."""
    barrier, answers = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            act()
            answers[place] = "done"
        except Problem as refusal:
            answers[place] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


def actor_for(row: Prescription) -> Actor:
    actor: Actor = physician_for(row).user.actor
    return actor


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_physicians_approve_and_decline_at_once_and_one_wins(_round):
    row = ready_prescription()
    one, other = actor_for(row), actor_for(row)

    answers = at_once(
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

    answers = at_once(
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

    answers = at_once(
        lambda: approve_prescription(prescription_id=row.id, by=approver, at=NOW),
        lambda: halt(course_id=row.course_id, reason_code="pregnancy", by=halter, at=NOW),
    )

    assert answers[1] == "done"
    assert answers[0] in {"done", "not_allowed_from_here"}
    assert Course.objects.get(id=row.course_id).status == "halted"
    assert Prescription.objects.get(id=row.id).status == "voided"
