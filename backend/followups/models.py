"""Plans, the due table, check-ins and second-course decisions."""

from django.db import models
from django.db.models import Q

from backend.accounts.models import Patient, User
from backend.db import Row, together
from backend.prescriptions.models import Course
from backend.worklist.models import Task

DECISIONS = ["clear", "senior", "hold", "block", "stop", "urgent"]


class Plan(Row):
    """The follow-up of one course, by one version of a template."""

    PREFIX = "pln"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    course = models.OneToOneField(Course, models.PROTECT, related_name="plan")
    template = models.CharField(max_length=40)
    template_version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, default="active")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_status_known", condition=Q(status__in=["active", "stopped", "closing"])
            ),
        ]


class FollowUp(Row):
    """One obligation: a row of the due table.

    `occurrence`: the day after the start, or the month after the end, or 1. `due_at` is the
    instant of `local_time` on `local_date` in `zone`; leases run by the wall clock. `epoch`
    grows with each claim, and only its holder may finish. `opened_by`: the follow-up whose
    check-in this one reminds of.
    """

    PREFIX = "fup"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="follow_ups")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    occurrence = models.PositiveSmallIntegerField()
    local_date = models.DateField()
    local_time = models.TimeField()
    zone = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=9, default="pending")
    lease_until = models.DateTimeField(null=True)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    rule_version = models.CharField(max_length=80)
    opened_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="ladder")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="follow_up_once", fields=["plan", "kind", "occurrence"]),
            models.CheckConstraint(
                name="follow_up_status_known",
                condition=Q(status__in=["pending", "leased", "done", "cancelled", "missed"]),
            ),
            models.CheckConstraint(
                name="follow_up_leased_with_lease",
                condition=Q(status="leased", lease_until__isnull=False)
                | (~Q(status="leased") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="follow_up_finished_says_when",
                condition=Q(status__in=["done", "missed"], finished_at__isnull=False)
                | (~Q(status__in=["done", "missed"]) & Q(finished_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="follow_up_due", condition=Q(status="pending")),
            models.Index(
                fields=["lease_until"], name="follow_up_leases", condition=Q(status="leased")
            ),
        ]


class CheckIn(Row):
    """What a patient was asked and what she answered.

    `day`: civil days since the first dose when it was opened (J-08 asks for that of day 7).
    `decision`, `findings`, `pack`, `pack_version`: the answer of the rules to the answers.
    """

    PREFIX = "chk"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="check_ins")
    follow_up = models.OneToOneField(FollowUp, models.PROTECT, null=True, related_name="check_in")
    kind = models.CharField(max_length=11)
    day = models.SmallIntegerField(null=True)
    status = models.CharField(max_length=9, default="open")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answers = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, null=True)
    findings = models.JSONField(null=True)
    pack = models.CharField(max_length=40, null=True)
    pack_version = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="check_in_status_known",
                condition=Q(status__in=["open", "answered", "missed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="check_in_kind_known",
                condition=Q(kind__in=["scheduled", "closing", "relapse", "unscheduled"]),
            ),
            models.CheckConstraint(
                name="check_in_asked_by_a_follow_up_or_unscheduled",
                condition=Q(kind="unscheduled", follow_up__isnull=True)
                | (~Q(kind="unscheduled") & Q(follow_up__isnull=False)),
            ),
            models.CheckConstraint(
                name="check_in_answered_with_decision",
                condition=together(
                    "answers", "answered_at", "decision", "findings", "pack", "pack_version"
                )
                & (
                    Q(status="answered", answered_at__isnull=False)
                    | (~Q(status="answered") & Q(answered_at__isnull=True))
                ),
            ),
            models.CheckConstraint(
                name="check_in_decision_known",
                condition=Q(decision__isnull=True) | Q(decision__in=DECISIONS),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="check_in_by_patient"),
        ]


class Escalation(models.Model):
    """An urgent task that was not done in time, announced once."""

    task = models.OneToOneField(Task, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SecondCourseDecision(Row):
    """A physician's decision whether a course may be followed by another. Append-only.

    `cumulative_mg`: milligrams dispensed in the course less what was returned;
    `cumulative_mg_per_kg`: that by the newest weight, unknown without one.
    """

    PREFIX = "scd"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="second_course_decisions")
    status = models.CharField(max_length=8)
    iga = models.PositiveSmallIntegerField(help_text="Investigator's global assessment, 0 to 4.")
    scarring = models.BooleanField()
    reason = models.CharField(max_length=2000)
    cumulative_mg = models.DecimalField(max_digits=9, decimal_places=1)
    cumulative_mg_per_kg = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    decision = models.CharField(max_length=8)
    findings = models.JSONField()
    pack = models.CharField(max_length=40)
    pack_version = models.CharField(max_length=80)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="second_course_status_known", condition=Q(status__in=["offered", "declined"])
            ),
            models.CheckConstraint(name="second_course_iga_in_range", condition=Q(iga__lte=4)),
            models.CheckConstraint(
                name="second_course_decision_known", condition=Q(decision__in=DECISIONS)
            ),
            models.CheckConstraint(
                name="second_course_offered_only_when_allowed",
                condition=Q(status="declined") | Q(decision__in=["clear", "senior"]),
            ),
            models.UniqueConstraint(
                name="second_course_offered_once",
                fields=["course"],
                condition=Q(status="offered"),
            ),
        ]
