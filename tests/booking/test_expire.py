from datetime import timedelta

import pytest

from backend.audit.models import AuditEntry
from backend.booking.models import Visit
from backend.booking.services.expire_holds import expire_holds
from backend.kernel.actor import job
from tests.booking.places import a_place
from tests.factories.booking import NOW, SLOT, VisitFactory

pytestmark = pytest.mark.django_db
END = NOW + timedelta(minutes=10)
JOB = job("expire_holds")


@pytest.mark.parametrize(("at", "expired"), [(END - timedelta(microseconds=1), 0), (END, 1)])
def test_a_hold_expires_at_its_end_and_not_before(at, expired):
    visit = VisitFactory(held=True)

    count = expire_holds(by=JOB, at=at)

    visit.refresh_from_db()
    assert count == expired
    assert (visit.status, visit.version) == (("expired", 2) if expired else ("held", 1))
    assert AuditEntry.objects.filter(action="visit.expire", actor=JOB.label).count() == expired


def test_a_patient_on_a_test_clock_keeps_the_hold_while_that_clock_stands():
    place = a_place()
    visit = VisitFactory(patient=place.patient, physician=place.physician, held=True)

    before = expire_holds(by=JOB, at=END + timedelta(days=300))
    place.move_to(END)
    after = expire_holds(by=JOB, at=END + timedelta(days=300))

    assert (before, after) == (0, 1)
    assert Visit.objects.get(id=visit.id).status == "expired"


@pytest.mark.parametrize("trait", ["booked", "in_progress", "completed", "cancelled", "no_show"])
def test_nothing_else_expires(trait):
    VisitFactory(**{trait: True})

    assert expire_holds(by=JOB, at=SLOT + timedelta(days=300)) == 0


def test_a_batch_is_bounded_and_the_oldest_go_first():
    late = VisitFactory(held=True, hold_expires_at=END)
    early = VisitFactory(held=True, hold_expires_at=NOW)

    first = expire_holds(by=JOB, at=END, at_most=1)

    early.refresh_from_db()
    late.refresh_from_db()
    assert (first, early.status, late.status) == (1, "expired", "held")
    assert (expire_holds(by=JOB, at=END), expire_holds(by=JOB, at=END)) == (1, 0)
