"""Who sees what of the requirements of a prescription, and what looking leaves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.prescriptions.models import Decision
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    ClinicFactory,
    StaffMemberFactory,
)
from tests.factories.prescriptions import (
    ready_patient,
    ready_prescription,
)
from tests.pharmacy.changes import note
from tests.pharmacy.counter import (
    approved_prescription,
    claimed_prescription,
    client_of,
)
from tests.prescriptions.people import physician_for
from tests.prescriptions.requirements import ask, by_code, open_ones

pytestmark = pytest.mark.django_db


def test_a_pharmacy_is_told_what_is_open_and_whose_turn_it_is_and_nothing_of_the_patient():
    row, client = claimed_prescription()

    answer = ask(row, client)

    assert answer.json()["status"] == "open"
    assert open_ones(answer) == ["hand_over"]
    for one in answer.json()["requirements"]:
        assert set(one) == {"code", "name", "stakeholder", "completed"}


def test_a_pharmacy_is_not_told_which_answer_changed():
    row = approved_prescription()
    note(row, ("phq_scores", {"phq9": 16, "item9": 1, "taken_on": "2026-03-10"}))

    answer = ask(row, client_of(row.clinic))

    assert by_code(answer)["approval_stands"]["completed"] is False
    body = answer.content.decode()
    assert not any(rule in body for rule in ("C-18", "C-19", "phq", "mood", "Mood"))


def test_a_pharmacy_is_told_of_no_prescription_that_it_may_not_see():
    row = ready_prescription()

    assert ask(row, client_of(row.clinic)).status_code == 404
    assert ask(approved_prescription(), client_of(ClinicFactory())).status_code == 404


def test_staff_and_auditor_see_what_the_physician_sees_and_nobody_else_does():
    row = approved_prescription()
    clinic = row.clinic
    seen = ask(row, physician_for(row)).json()

    assert ask(row, StaffMemberFactory(clinic=clinic)).json() == seen
    assert ask(row, AuditorFactory(clinic=clinic)).json() == seen
    assert ask(row, row.patient).status_code == 403
    assert ask(row, AdministratorFactory(clinic=clinic)).status_code == 403
    assert ask(row, AuditorFactory()).status_code == 404


def test_asking_changes_nothing_and_leaves_an_entry():
    row = approved_prescription()
    version, decisions = row.version, Decision.objects.count()
    events = OutboxEvent.objects.count()
    client = ApiClientFactory(pharmacy__clinic=row.clinic, pharmacy__kind="clinic_dispensary")

    ask(row, client)

    row.refresh_from_db()
    assert (row.status, row.version) == ("approved", version)
    assert (Decision.objects.count(), OutboxEvent.objects.count()) == (decisions, events)
    entry = AuditEntry.objects.get(action="prescription.read_requirements")
    assert (entry.object_ref, entry.actor) == (row.ref, client.actor.label)
    assert entry.patient_ref == row.patient.ref


def test_the_number_of_queries_does_not_grow_with_what_is_open():
    clear, blocked = ready_prescription(), ready_prescription(ready_patient(without=["weights"]))
    physician, other = physician_for(clear), physician_for(blocked)
    ask(clear, physician), ask(blocked, other)  # the caches that every process fills once

    with CaptureQueriesContext(connection) as few:
        ask(clear, physician)
    with CaptureQueriesContext(connection) as many:
        ask(blocked, other)

    assert len(few) == len(many)
