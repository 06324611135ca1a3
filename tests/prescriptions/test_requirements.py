"""The requirements of a prescription before its next step, over the API (feature 99)."""

from datetime import date, timedelta

import pytest

from tests.callers import Caller
from tests.factories.prescriptions import (
    NOW,
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_patient,
    ready_prescription,
)
from tests.factories.records import MAN, OF_WOMEN, PregnancyTestFactory
from tests.factories.worklist import TaskFactory
from tests.pharmacy.changes import DOXYCYCLINE, note, states
from tests.pharmacy.counter import (
    approved_prescription,
    claim,
    claimed_prescription,
    client_of,
    dispense,
    set_clock,
)
from tests.prescriptions.people import do, physician_for
from tests.prescriptions.requirements import ask, by_code, open_ones

pytestmark = pytest.mark.django_db
COLITIS = {"conditions": {"conditions": ["ibd"]}}
CANNOT = {"said": MAN, "without": (*OF_WOMEN, "tests")}


def test_everything_that_a_first_prescription_needs_is_there():
    row = ready_prescription()

    answer = ask(row, physician_for(row))

    said, found = answer.json(), by_code(answer)
    assert (said["status"], said["purpose"]) == ("completed", "prescribe")
    assert (said["prescription"], said["pack"]) == (row.ref, "jp_house_2026")
    assert open_ones(answer) == []
    assert found["identity"] == {
        "code": "identity",
        "name": "The patient's identity",
        "stakeholder": "clinic",
        "completed": True,
        "rules": ["J-11"],
        "standing": [],
        "remedy": None,
        "missing": [],
    }
    assert {"consent", "counselling", "pregnancy_test", "contraception", "stock"} <= set(found)
    assert "enrolment" not in found  # Japan has no such programme
    assert "hand_over" not in found  # asked once it is approved


def test_what_stands_opens_its_requirement_and_says_what_would_fulfil_it():
    row = ready_prescription(patient_on_doxycycline())

    answer = ask(row, physician_for(row))

    assert answer.json()["status"] == "open"
    assert open_ones(answer) == ["interactions"]
    interactions = by_code(answer)["interactions"]
    assert (interactions["standing"], interactions["stakeholder"]) == (["C-11"], "prescriber")
    assert interactions["remedy"]
    assert {"C-10", "C-11", "C-15"} <= set(interactions["rules"])


def test_facts_that_nobody_noted_are_named_with_whose_turn_it_is():
    row = ready_prescription(ready_patient(without=["contraception", "allergies"]))

    found = by_code(ask(row, physician_for(row)))

    assert "contraception.methods" in found["contraception"]["missing"]
    assert found["contraception"]["stakeholder"] == "prescriber"
    assert "patient.allergies" in found["contraindications"]["missing"]
    assert found["contraindications"]["stakeholder"] == "patient"


@pytest.mark.parametrize(("days_later", "completed"), [(5, True), (6, False)])
def test_p_jp_02_the_pregnancy_test_counts_through_its_seventh_day(days_later, completed):
    row = ready_prescription()  # tested yesterday, which is day 1
    set_clock(row, NOW + timedelta(days=days_later))

    test = by_code(ask(row, physician_for(row)))["pregnancy_test"]

    assert test["completed"] is completed
    assert test["standing"] == ([] if completed else ["P-JP-02"])


def test_a_senior_finding_stands_until_another_physician_has_signed_it_off():
    row = ready_prescription(ready_patient(said=COLITIS))
    approver, signer = physician_for(row), physician_for(row)

    before = ask(row, approver)
    do(row, "sign_off", {"rule": "C-20", "reason": "In remission."}, by=signer)
    after, for_signer = ask(row, approver), ask(row, signer)

    assert (before.json()["status"], open_ones(before)) == ("open", ["second_signature"])
    assert by_code(before)["second_signature"]["standing"] == ["C-20"]
    assert (after.json()["status"], open_ones(after)) == ("completed", [])
    assert for_signer.json()["status"] == "open"  # nobody approves on the own signature


@pytest.mark.parametrize("said", [None, COLITIS, {"medicines": {"medicines": None}}])
def test_it_is_completed_exactly_when_the_assessment_lets_it_be_approved(said):
    row = ready_prescription(ready_patient(said=said))
    physician = physician_for(row)

    assessed = Caller(physician).get(f"/v1/prescriptions/{row.ref}/assessment").json()

    completed = ask(row, physician).json()["status"] == "completed"
    assert completed is assessed["may_be_approved"] is (said is None)


def test_names_and_remedies_come_in_the_readers_language():
    row = ready_prescription(patient_on_doxycycline())
    physician = physician_for(row)

    japanese = by_code(ask(row, physician, language="ja"))["interactions"]
    neither = by_code(ask(row, physician, language="fr"))["interactions"]

    assert japanese["name"] == "併用薬と入手元"
    assert not japanese["remedy"].isascii()
    assert neither == japanese


# Once it is approved ---------------------------------------------------------------------


def test_an_approved_one_waits_for_nothing_but_its_claim():
    row = approved_prescription()

    answer = ask(row, physician_for(row))

    assert (answer.json()["status"], answer.json()["purpose"]) == ("completed", "dispense")
    found = by_code(answer)
    assert found["approval_stands"]["completed"]
    assert found["window"]["completed"]
    assert "consent" not in found  # asked when it was approved


def test_a_claimed_one_waits_for_the_pharmacist_to_check_who_receives_it():
    row, _ = claimed_prescription()

    answer = ask(row, physician_for(row))

    assert (answer.json()["status"], open_ones(answer)) == ("open", ["hand_over"])
    hand_over = by_code(answer)["hand_over"]
    assert hand_over["stakeholder"] == "pharmacy"
    assert {"dispense.identity_checked", "dispense.days_supplied"} <= set(hand_over["missing"])


@pytest.mark.parametrize(("days_later", "completed"), [(5, True), (6, False)])
def test_the_window_of_an_approved_one_closes_with_the_seventh_day_of_the_test(
    days_later, completed
):
    row = approved_prescription()
    set_clock(row, NOW + timedelta(days=days_later))

    answer = ask(row, physician_for(row))

    assert by_code(answer)["pregnancy_test"]["completed"] is completed
    assert by_code(answer)["approval_stands"]["completed"]  # days go by; no fact has changed


def test_a_fact_that_changed_since_the_approval_is_told_before_the_pharmacy_finds_it():
    row = approved_prescription()
    note(row, DOXYCYCLINE)

    answer = ask(row, physician_for(row))
    refused = claim(client_of(row.clinic), row)

    assert (answer.json()["status"], open_ones(answer)) == ("open", ["approval_stands"])
    stands = by_code(answer)["approval_stands"]
    assert (stands["rules"], stands["standing"]) == (["C-11"], ["C-11"])
    assert stands["remedy"]
    assert (refused.status_code, refused.json()["code"]) == (409, "facts_changed")


def test_a_fact_that_is_not_known_any_more_is_told_too():
    row = approved_prescription(patient=ready_patient(**CANNOT))
    note(row, states("pregnancy_potential", can_become_pregnant=True))

    answer = ask(row, physician_for(row))

    stands = by_code(answer)["approval_stands"]
    assert stands["completed"] is False
    assert "contraception.methods" in stands["missing"]
    assert claim(client_of(row.clinic), row).json()["code"] == "awaiting_physician"


def test_a_physicians_task_that_keeps_it_back_is_told_too():
    row = approved_prescription()
    TaskFactory(patient=row.patient, blocks_release=True)

    answer = ask(row, physician_for(row))

    stands = by_code(answer)["approval_stands"]
    assert (answer.json()["status"], stands["completed"]) == ("open", False)
    assert (stands["stakeholder"], stands["standing"]) == ("prescriber", [])
    assert stands["remedy"] == "A physician answers the task that keeps it from being handed over."
    assert claim(client_of(row.clinic), row).json()["code"] == "awaiting_physician"


def test_a_positive_test_stops_an_approved_one():
    row = approved_prescription()
    PregnancyTestFactory(patient=row.patient, positive=True, taken_on=date(2026, 3, 10))

    answer = ask(row, physician_for(row))

    assert {"not_pregnant", "approval_stands"} <= set(open_ones(answer))
    assert by_code(answer)["not_pregnant"]["standing"] == ["C-01"]


@pytest.mark.parametrize(
    "status", ["declined", "cancelled", "voided", "expired", "dispensed", "rejected"]
)
def test_of_one_that_has_come_to_its_end_nothing_is_asked(status):
    row = PrescriptionFactory(**{status: True})

    said = ask(row, physician_for(row)).json()

    assert (said["status"], said["requirements"]) == ("closed", [])
    assert (said["purpose"], said["pack"]) == (None, None)


def test_handing_over_the_rest_closes_it():
    row, client = claimed_prescription()
    dispense(client, row, 10)
    partly = ask(row, physician_for(row)).json()["status"]
    dispense(client, row, row.capsules - 10)

    assert partly == "open"
    assert ask(row, physician_for(row)).json()["status"] == "closed"
