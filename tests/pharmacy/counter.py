"""Situations at the counter, and how the tests stand there."""

from datetime import datetime

from backend.prescriptions.models import Prescription
from tests.callers import Caller
from tests.factories.accounts import ApiClientFactory, PharmacyFactory, PhysicianFactory
from tests.factories.prescriptions import ready_prescription


def approved_prescription(**overrides) -> Prescription:
    """Approved through the API by a physician: everything that the rules ask for is there."""
    row = ready_prescription(**overrides)
    physician = PhysicianFactory(clinic=row.clinic)
    answer = Caller(physician).post(f"/v1/prescriptions/{row.ref}/approve", version=row.version)
    assert answer.status_code == 200, answer.content.decode()
    row.refresh_from_db()
    return row


def client_of(clinic, kind: str = "clinic_dispensary"):
    """A client of a pharmacy of this clinic."""
    return ApiClientFactory(pharmacy=PharmacyFactory(clinic=clinic, kind=kind))


def claimed_prescription(**overrides):
    """An approved prescription that a pharmacy has claimed, and that pharmacy's client."""
    row = approved_prescription(**overrides)
    client = client_of(row.clinic)
    answer = claim(client, row)
    assert answer.status_code == 200, answer.content.decode()
    row.refresh_from_db()
    return row, client


def claim(client, row: Prescription, **how):
    return act(client, row, "claim", {}, **how)


def dispense(client, row: Prescription, capsules: int, *, version=None, **more):
    body = {"capsules": capsules, "identity_checked": True, **more}
    return act(client, row, "dispense", body, version=version)


def act(client, row: Prescription, verb: str, body: dict, *, version=None, language="en"):
    """POST the verb with the present version, unless another is given."""
    row.refresh_from_db()
    version = row.version if version is None else version
    path = f"/v1/prescriptions/{row.ref}/{verb}"
    return Caller(client, language=language).post(path, body, version=version)


def set_clock(row: Prescription, at: datetime) -> None:
    """Move the patient's test clock, as advancing it does."""
    clock = row.patient.test_clock
    clock.frozen_at = at
    clock.save(update_fields=["frozen_at"])
