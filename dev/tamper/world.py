"""A sealed log of some hundreds of records, made by the real doors, sealed as the sealer does.

Some patients are looked at, written about and refused over the API, one is erased, and each few
records make a checkpoint. The newest records wait for their seal.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from backend import clock
from backend.audit.keys import forget_key
from backend.audit.models import AuditEntry, RowChange
from backend.audit.record import record
from backend.audit.seal import introduce, seal_batch, sign_checkpoints
from backend.kernel.actor import job
from backend.notifications.models import Attempt
from backend.transparency.notes import Signer
from tests.callers import Caller
from tests.factories.accounts import AuditorFactory, PatientFactory, PhysicianFactory
from tests.factories.booking import VisitFactory
from tests.factories.notifications import NotificationFactory

LOG = "suhada.example/audit"
PATIENTS = 11
AGO = timedelta(minutes=30)
"""How long ago it was sealed: a checkpoint of just now might still wait for its signature."""


@dataclass(frozen=True)
class World:
    """The log's key, and the size and root that somebody outside has kept."""

    signer: Signer
    kept: tuple[int, bytes]


def build(*, patience_s: float = 60) -> World:
    """Make the log. On a server that others use, sealing waits for their transactions, too."""
    signer = Signer.generate(LOG)
    introduce(signer)
    physician = PhysicianFactory()
    auditor = AuditorFactory(clinic=physician.clinic)
    days = count()
    kept = (0, b"")
    for number in range(PATIENTS):
        patient = PatientFactory(clinic=physician.clinic)
        _see(patient, physician, auditor, next(days))
        if number == 2:
            _erase(patient)
        kept = _seal(signer, patience_s)
    Caller(physician).get("/v1/patients")  # waits for its seal
    return World(signer, kept)


def _see(patient: Any, physician: Any, auditor: Any, day: int) -> None:
    """What a consultation leaves: looks, facts, a retraction, a refusal, a visit, a notice."""
    doctor, her = Caller(physician), Caller(patient)
    begins = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=30 + day)
    visit = VisitFactory(
        patient=patient,
        physician=physician,
        held=True,
        starts_at=begins,
        hold_expires_at=clock.now() + timedelta(hours=1),
    )
    her.post(f"/v1/visits/{visit.ref}/confirm", version=1)
    today = str(clock.now().date() - timedelta(days=3))
    weight = {"patient": patient.ref, "kg": f"{50 + day}.5", "taken_on": today}
    weighed = doctor.post("/v1/weights", weight).json()
    for analyte, measured, limit in (("alt", "22", "40"), ("ast", "19", "38")):
        fact = {"analyte": analyte, "value": measured, "unit": "U/L", "uln": limit}
        doctor.post("/v1/lab_results", {"patient": patient.ref, "taken_on": today, **fact})
    doctor.post(f"/v1/weights/{weighed['id']}/retract", {"reason": "duplicate"}, version=1)
    doctor.post(f"/v1/weights/{weighed['id']}/retract", {"reason": "duplicate"}, version=2)
    for path in ("weights", "lab_results"):
        doctor.get(f"/v1/{path}", patient=patient.ref)
    doctor.get(f"/v1/patients/{patient.ref}")
    her.get("/v1/visits")
    her.get("/v1/me")
    notice = NotificationFactory(patient=patient)
    Attempt.objects.create(notification=notice, epoch=1, message_id=str(day), at=clock.now())
    doctor.get("/v1/patients")
    Caller(auditor).get("/v1/audit_entries", limit="5")


def _erase(patient: Any) -> None:
    at = clock.now()
    with transaction.atomic():
        record("patient.erase", on=patient, by=job("erasure"), at=at)
        _past_guards(
            "UPDATE audit_rowchange SET patient_id = NULL, salt = NULL, before = NULL, "
            "after = NULL WHERE patient_id = %s",
            [patient.id],
        )
        _past_guards(
            "UPDATE audit_patientkey SET patient_ref = NULL, wrapped = NULL, destroyed_at = %s "
            "WHERE patient_ref = %s",
            [at, patient.ref],
        )
    forget_key(patient.ref)


def _past_guards(sql: str, values: list[Any]) -> None:
    """What an erasure leaves in the trail: her record is too young for a lawful one."""
    table = sql.split()[1]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _seal(signer: Signer, patience_s: float) -> tuple[int, bytes]:
    due = AuditEntry.objects.count() + RowChange.objects.count()
    until = time.monotonic() + patience_s
    while True:
        run = seal_batch(holder="tamper", at=clock.now() - AGO)
        if run and run.size == due:
            head = sign_checkpoints(signer)[-1]
            return head.size, bytes(head.root)
        if time.monotonic() > until:
            raise TimeoutError(f"{run} of {due} records were sealed")
        time.sleep(0.05)
