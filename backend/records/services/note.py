"""Note a clinical fact that somebody entered through the API."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from backend.accounts.models import Patient
from backend.db import service
from backend.kernel.actor import Actor
from backend.kernel.errors import FieldError
from backend.outbox.emit import emit
from backend.records import events
from backend.records.errors import CodeIsCheckedByClinic, PatientReportsHomeTestsOnly
from backend.records.models import Fact, LabResult, PhqScore, PregnancyTest, Statement, Weight
from backend.records.rules import may_report_test, may_say_coded
from backend.records.steps.note import (
    note_lab_result,
    note_phq,
    note_pregnancy_test,
    note_statement,
    note_weight,
)

STEPS: Mapping[type[Fact], Callable[..., Fact]] = {
    Weight: note_weight,
    PregnancyTest: note_pregnancy_test,
    LabResult: note_lab_result,
    PhqScore: note_phq,
    Statement: note_statement,
}


@service
def note_fact(
    *, kind: type[Fact], patient: Patient, values: Mapping[str, Any], by: Actor, at: datetime
) -> Fact:
    """Note one fact of a kind; `values` are those of its step in `steps/note.py`.

    A statement is announced here: those that are part of an answer are announced as the answer.

    Raises NotAFact (422), and for a patient's own report of a pregnancy test what `_check_report`
    raises.
    """
    if kind is PregnancyTest:
        _check_report(values, by)
    fact = STEPS[kind](patient=patient, **values, by=by, at=at)
    if kind is Statement:
        payload = {"result_id": fact.ref, "patient_id": patient.ref}
        emit(events.STATEMENT_NOTED, at=at, payload=payload)
    return fact


def _check_report(values: Mapping[str, Any], by: Actor) -> None:
    """Raise PatientReportsHomeTestsOnly (422) for a patient's report of a test done elsewhere,
    CodeIsCheckedByClinic (422) for one that she calls coded: both are for clinical staff to enter.
    """
    if not may_report_test(by.role, values["setting"]):
        title = PatientReportsHomeTestsOnly.title
        raise PatientReportsHomeTestsOnly(errors=[FieldError("/setting", "home_tests_only", title)])
    if values.get("coded") and not may_say_coded(by.role):
        title = CodeIsCheckedByClinic.title
        raise CodeIsCheckedByClinic(
            errors=[FieldError("/coded", CodeIsCheckedByClinic.code, title)]
        )
