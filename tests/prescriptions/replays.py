"""Decisions to be replayed, and what somebody with the owner's rights can do to them."""

from django.db import connection, transaction

from backend.kernel.actor import job
from backend.prescriptions.models import Decision
from backend.prescriptions.steps.decide import decide
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from tests.callers import Caller
from tests.factories.accounts import PatientFactory
from tests.factories.prescriptions import ready_prescription
from tests.prescriptions.people import do, physician_for
from tests.protocol import situations


def replay(decision, body=None, *, by=None):
    who = by or physician_for(decision)
    return Caller(who).post(f"/v1/decisions/{decision.ref}/replay", body)


def approved(patient=None, **overrides):
    """The decision of an approval, or of a submit where the rules do not clear it."""
    row = ready_prescription(patient, **overrides)
    verb = "approve" if row.status == "in_review" else "submit"
    assert do(row, verb, by=physician_for(row)).status_code == 200
    return Decision.objects.get(prescription=row)


def decided(facts, purpose, pack_id, *, now=situations.NOW, patient=None):
    """A decision about any facts, stored as every use case stores them."""
    case, pack = case_from_facts(facts, now), load(pack_id)
    with transaction.atomic():
        return decide(
            patient=patient or PatientFactory(),
            assessment=assess(case, pack, purpose),
            case=case,
            moment="approve",
            by=job("test"),
            at=now,
        )


def altered(sql, *values):
    """What somebody with the owner's rights can do to the record."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE prescriptions_decision DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE rulebook_rulepackversion DISABLE TRIGGER USER")
        cursor.execute(sql, values)
