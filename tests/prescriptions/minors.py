"""Decisions about a boy of 17: the older British pack asks for a second prescriber (C-05)."""

from django.db import transaction

from backend.kernel.actor import job
from backend.prescriptions.steps.decide import decide
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from tests.factories.prescriptions import PrescriptionFactory
from tests.protocol import situations
from tests.protocol.situations import MAN, UK, given

GUARDED = {"patient.growth_finished": True, "patient.guardian_consent": True}
MINOR = given(MAN, {**GUARDED, "patient.birth_on": "2009-02-01"})  # 17 years at situations.NOW
GROWN_UP = given(MAN, GUARDED)


def prescription(clinic, *, status="in_review", **traits):
    return PrescriptionFactory(course__patient__clinic=clinic, **{status: True}, **traits)


def decided(row, facts=MINOR, *, pack=UK, at=situations.NOW, moment="submit", purpose="prescribe"):
    """A decision about a prescription, stored as every use case stores it."""
    case = case_from_facts(facts, at)
    with transaction.atomic():
        return decide(
            patient=row.patient,
            course=row.course,
            prescription=row,
            assessment=assess(case, load(pack), purpose),
            case=case,
            moment=moment,
            by=job("test"),
            at=at,
        )
