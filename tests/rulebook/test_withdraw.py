"""A clinic takes an activation back: from now on, and not for what was."""

from datetime import UTC, datetime

import pytest
import time_machine

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import AdministratorFactory, PhysicianFactory
from tests.factories.rulebook import PackActivationFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def withdraw(row, *, by=None, version=None, reason="Put off.", **how):
    who = by or AdministratorFactory(clinic=row.clinic)
    path = f"/v1/protocol/activations/{row.ref}/withdraw"
    with time_machine.travel(AT, tick=False):
        return Caller(who, **how).post(path, {"reason": reason}, version=version or row.version)


def test_a_withdrawal_is_kept_recorded_and_announced():
    row = PackActivationFactory()

    answer = withdraw(row)

    shown = answer.json()
    row.refresh_from_db()
    assert (answer.status_code, shown["status"]) == (200, "withdrawn"), shown
    assert (shown["withdrawal_reason"], shown["available_actions"]) == ("Put off.", [])
    assert (row.withdrawn_at, row.version) == (AT, 2)
    assert AuditEntry.objects.filter(action="pack_activation.withdraw", outcome="done").exists()
    event = OutboxEvent.objects.get(type="rulebook.pack.withdrawn")
    assert event.payload["pack_activation_id"] == row.ref


def test_nothing_is_withdrawn_twice():
    row = PackActivationFactory(withdrawn=True)

    answer = withdraw(row)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_who_read_another_version_is_told():
    answer = withdraw(PackActivationFactory(), version=7)

    assert (answer.status_code, answer.json()["code"]) == (412, "version_stale")


def test_withdrawing_needs_a_reason_and_a_fresh_proof():
    row = PackActivationFactory()

    nameless, stale = withdraw(row, reason=""), withdraw(row, fresh=False)

    assert (nameless.status_code, nameless.json()["errors"][0]["pointer"]) == (400, "/reason")
    assert (stale.status_code, stale.json()["code"]) == (403, "reauthentication_required")
    row.refresh_from_db()
    assert row.status == "standing"


def test_nobody_but_an_administrator_of_the_clinic_withdraws():
    row = PackActivationFactory()

    assert withdraw(row, by=PhysicianFactory(clinic=row.clinic)).status_code == 403
    assert withdraw(row, by=AdministratorFactory()).status_code == 404


def test_after_a_withdrawal_the_pack_can_be_activated_again():
    row = PackActivationFactory()
    withdraw(row)

    again = PackActivationFactory(clinic=row.clinic, activated_at=AT)

    assert again.status == "standing"
