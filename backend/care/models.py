"""Emergency accesses. Care relations are no table: see the view `care_relation` and decision 28."""

from datetime import datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from backend.accounts.models import Patient, User
from backend.care.rules import grants_at
from backend.db import Row, together
from backend.worklist.models import Task

LONGEST = timedelta(hours=24)  # whatever EMERGENCY_ACCESS_MINUTES says
_TEN_CHARACTERS = r"^\s*\S.{8,}\S\s*$"


class EmergencyAccess(Row):
    """A physician without a care relation opened a record, for a written reason and a short time.

    Open from `granted_at` until just before `expires_at`, or `ended_at` where that came first.
    `alerted_at`: when the clinic's administrators were written to.
    """

    PREFIX = "ema"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24)
    reason_text = models.CharField(max_length=2000)
    status = models.CharField(max_length=10, default="granted")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    alerted_at = models.DateTimeField(null=True)
    task = models.OneToOneField(Task, models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, null=True)
    review_note = models.CharField(max_length=2000, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="emergency_access_status_known",
                condition=Q(status__in=["granted", "ended", "reviewed"]),
            ),
            models.CheckConstraint(
                name="emergency_access_reason_known",
                condition=Q(
                    reason__in=["acute_danger", "patient_asked", "covering_colleague", "other"]
                ),
            ),
            models.CheckConstraint(
                name="emergency_access_says_why", condition=Q(reason_text__regex=_TEN_CHARACTERS)
            ),
            models.CheckConstraint(
                name="emergency_access_lasts_a_while",
                condition=Q(
                    expires_at__gt=F("granted_at"),
                    expires_at__lte=F("granted_at") + Value(LONGEST),
                ),
            ),
            models.CheckConstraint(
                name="emergency_access_ends_in_its_time",
                condition=Q(ended_at__isnull=True)
                | Q(ended_at__gte=F("granted_at"), ended_at__lte=F("expires_at")),
            ),
            models.CheckConstraint(
                name="emergency_access_ended_says_when",
                condition=Q(status="reviewed")
                | Q(status="ended", ended_at__isnull=False)
                | Q(status="granted", ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="emergency_access_reviewed_as_a_whole",
                condition=together("reviewed_by", "reviewed_at", "outcome", "review_note")
                & (
                    Q(status="reviewed", reviewed_at__isnull=False)
                    | (~Q(status="reviewed") & Q(reviewed_at__isnull=True))
                ),
            ),
            models.CheckConstraint(
                name="emergency_access_outcome_known",
                condition=Q(outcome__isnull=True) | Q(outcome__in=["justified", "not_justified"]),
            ),
            models.CheckConstraint(
                name="emergency_access_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("opened_by")),
            ),
            ExclusionConstraint(
                name="emergency_access_one_at_a_time",
                expressions=[
                    ("opened_by", "="),
                    ("patient", "="),
                    (
                        Func(
                            F("granted_at"),
                            Coalesce(F("ended_at"), F("expires_at")),
                            Value("[)"),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="emergency_access_to_alert",
                condition=Q(alerted_at__isnull=True),
            ),
        ]

    def is_open(self, at: datetime) -> bool:
        """Whether it opens the record at `at`."""
        return grants_at(
            at,
            granted_at=self.granted_at,
            expires_at=self.expires_at,
            ended_at=self.ended_at,
        )
