"""Work that waits for a person of the clinic."""

from django.db import models
from django.db.models import Case, F, Q, Value, When

from backend.accounts.models import Patient, User
from backend.db import Row, together
from backend.worklist.rules import Priority, TaskOutcome


class Task(Row):
    """One thing to do about one patient.

    `about_ref` is the public id of what it is about; `blocks_release` says that no further
    medicine leaves while it is open.
    """

    PREFIX = "tsk"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=40)
    priority = models.CharField(max_length=8, default="normal")
    priority_rank = models.GeneratedField(
        expression=Case(When(priority="urgent", then=Value(0)), default=Value(1)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    status = models.CharField(max_length=8, default="open")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    about_ref = models.CharField(max_length=40)
    blocks_release = models.BooleanField(default=False)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, null=True)
    note = models.TextField(max_length=4000, blank=True)
    contacted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="task_status_known", condition=Q(status__in=["open", "done"])
            ),
            models.CheckConstraint(
                name="task_priority_known", condition=Q(priority__in=["urgent", "normal"])
            ),
            models.CheckConstraint(
                name="task_done_by_and_at_together",
                condition=together("done_by", "done_at", "outcome"),
            ),
            models.CheckConstraint(
                name="task_done_says_when",
                condition=Q(status="open", done_at__isnull=True)
                | (~Q(status="open") & Q(done_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="task_urgent_done_after_contact",
                condition=~Q(status="done", priority="urgent", contacted_at__isnull=True)
                | Q(kind="emergency_access_review"),
            ),
            models.CheckConstraint(
                name="task_contacted_before_done",
                condition=Q(contacted_at__isnull=True) | Q(contacted_at__lte=F("done_at")),
            ),
            models.CheckConstraint(
                name="task_outcome_known",
                condition=Q(outcome__isnull=True) | Q(outcome__in=[o.value for o in TaskOutcome]),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "priority_rank", "due_at", "id"], name="task_queue"),
            models.Index(fields=["patient", "status"], name="task_by_patient"),
        ]

    @property
    def is_urgent(self) -> bool:
        """Whether the patient must be reached first."""
        return self.priority == Priority.URGENT
