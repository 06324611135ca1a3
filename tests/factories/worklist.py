"""Tasks that wait, and tasks that are done."""

from datetime import UTC, datetime

import factory

from backend.worklist.models import Task
from tests.factories.accounts import PatientFactory, UserFactory

OPENED = datetime(2026, 3, 10, 3, tzinfo=UTC)


class TaskFactory(factory.django.DjangoModelFactory):
    """An open, normal task of the clinic about a patient."""

    class Meta:
        model = Task

    patient = factory.SubFactory(PatientFactory)
    kind = "check_in_review"
    priority = "normal"
    opened_at = OPENED
    due_at = datetime(2026, 3, 12, 3, tzinfo=UTC)
    about_ref = "chk_01hqxv5y2k8m3n4p5q6r7s8t9v"

    class Params:
        urgent = factory.Trait(
            kind="adverse_event", priority="urgent", due_at=datetime(2026, 3, 10, 5, tzinfo=UTC)
        )
        done = factory.Trait(
            status="done",
            outcome="resolved",
            done_by=factory.SubFactory(UserFactory, role="physician"),
            done_at=datetime(2026, 3, 11, 3, tzinfo=UTC),
            contacted_at=datetime(2026, 3, 11, 2, tzinfo=UTC),
        )
