"""Hours that a physician offers, visits that take them, and notes of visits."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value

from backend.accounts.models import Patient, StaffMember, User
from backend.booking.rules import LONGEST_VISIT, TAKING, VisitMode, VisitStatus
from backend.booking.slots import Span
from backend.db import Row, together


def _only_when(condition: Q, field: str) -> Q:
    """The field is set exactly when the condition holds."""
    empty = Q(**{f"{field}__isnull": True})
    return (condition & ~empty) | (~condition & empty)


def _lasts_at_most(length: timedelta) -> Q:
    return Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + Value(length))


class AvailabilityRule(Row):
    """Weekly hours: each `weekday` (1 is Monday) between two local times in `zone`.

    `valid_until` is the last day. Minutes count from local midnight; 1440 is the day's end.
    """

    PREFIX = "avr"

    physician = models.ForeignKey(StaffMember, models.PROTECT, related_name="availability_rules")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()
    slot_minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    status = models.CharField(max_length=10, default="active")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rule_status_known", condition=Q(status__in=["active", "withdrawn"])
            ),
            models.CheckConstraint(
                name="rule_withdrawn_says_when",
                condition=_only_when(Q(status="withdrawn"), "withdrawn_at"),
            ),
            models.CheckConstraint(name="rule_weekday_known", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(
                name="rule_hours_in_one_day",
                condition=Q(ends_minute__gt=F("starts_minute"), ends_minute__lte=1440),
            ),
            models.CheckConstraint(
                name="rule_slot_length", condition=Q(slot_minutes__range=(5, 240))
            ),
            models.CheckConstraint(
                name="rule_valid_until_not_before_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["physician", "status"], name="rule_by_physician")]


class AvailabilityException(Row):
    """An interval in which a physician is away (`closed`) or works besides (`extra`)."""

    PREFIX = "avx"

    physician = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="availability_exceptions"
    )
    kind = models.CharField(max_length=8)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    slot_minutes = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=10, default="active")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exception_status_known", condition=Q(status__in=["active", "withdrawn"])
            ),
            models.CheckConstraint(
                name="exception_withdrawn_says_when",
                condition=_only_when(Q(status="withdrawn"), "withdrawn_at"),
            ),
            models.CheckConstraint(
                name="exception_kind_known", condition=Q(kind__in=["closed", "extra"])
            ),
            models.CheckConstraint(
                name="exception_slot_length_iff_extra",
                condition=_only_when(Q(kind="extra"), "slot_minutes"),
            ),
            models.CheckConstraint(
                name="exception_slot_length",
                condition=Q(slot_minutes__isnull=True) | Q(slot_minutes__range=(5, 240)),
            ),
            models.CheckConstraint(
                name="exception_lasts_a_while",
                condition=_lasts_at_most(timedelta(days=366)),
            ),
            models.CheckConstraint(
                name="exception_extra_at_most_a_day",
                condition=~Q(kind="extra") | _lasts_at_most(timedelta(days=1)),
            ),
        ]
        indexes = [
            models.Index(fields=["physician", "status", "ends_at"], name="exception_by_physician")
        ]

    @property
    def span(self) -> Span:
        """Its interval."""
        return Span(self.starts_at, self.ends_at)


def _never_twice(name: str, whose: str) -> ExclusionConstraint:
    period = Func(
        F("starts_at"),
        F("ends_at"),
        Value("[)"),
        function="TSTZRANGE",
        output_field=DateTimeRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[(whose, "="), (period, "&&")],
        condition=Q(status__in=list(TAKING)),
    )


_SEEN = Q(status__in=["in_progress", "completed"])


class Visit(Row):
    """One meeting of a patient and a physician, from the held slot to its end.

    The checklist (J-09, J-12, J-13, P-PP-09, P-PP-10) is null where nothing was said.
    """

    PREFIX = "vis"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="visits")
    physician = models.ForeignKey(StaffMember, models.PROTECT, related_name="visits")
    status = models.CharField(max_length=12, default="held")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField()
    hold_expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=24, null=True)
    started_at = models.DateTimeField(null=True)
    session_id = models.CharField(max_length=80, null=True)
    mode = models.CharField(max_length=10, null=True)
    kind = models.CharField(max_length=10, null=True)
    history = models.CharField(max_length=16, null=True)
    ended_at = models.DateTimeField(null=True)
    care_plan_agreed = models.BooleanField(null=True)
    privacy_confirmed = models.BooleanField(null=True)
    hospital_arranged = models.BooleanField(null=True)
    mood_asked = models.BooleanField(null=True)
    sexual_function_asked = models.BooleanField(null=True)
    in_person_first_done = models.BooleanField(null=True)

    class Meta:
        constraints = [
            _never_twice("visit_physician_never_twice", "physician"),
            _never_twice("visit_patient_never_twice", "patient"),
            models.CheckConstraint(
                name="visit_status_known",
                condition=Q(status__in=[status.value for status in VisitStatus]),
            ),
            models.CheckConstraint(
                name="visit_lasts_a_while", condition=_lasts_at_most(LONGEST_VISIT)
            ),
            models.CheckConstraint(
                name="visit_hold_expires_iff_held",
                condition=_only_when(Q(status="held"), "hold_expires_at"),
            ),
            models.CheckConstraint(
                name="visit_started_iff_seen", condition=_only_when(_SEEN, "started_at")
            ),
            models.CheckConstraint(
                name="visit_session_recorded_together",
                condition=together("started_at", "session_id", "mode", "kind", "history"),
            ),
            models.CheckConstraint(
                name="visit_ended_iff_completed",
                condition=_only_when(Q(status="completed"), "ended_at"),
            ),
            models.CheckConstraint(
                name="visit_ends_after_it_started",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="visit_cancelled_says_when",
                condition=_only_when(Q(status="cancelled"), "cancelled_at"),
            ),
            models.CheckConstraint(
                name="visit_cancelled_says_why", condition=together("cancelled_at", "cancel_reason")
            ),
            models.CheckConstraint(
                name="visit_codes_known",
                condition=Q(started_at__isnull=True)
                | Q(
                    mode__in=["video", "in_person", "phone", "chat", "photo"],
                    kind__in=["first", "follow_up"],
                    history__in=["own_patient", "records", "pre_consultation", "none"],
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "starts_at"], name="visit_by_patient"),
            models.Index(fields=["physician", "starts_at"], name="visit_by_physician"),
            models.Index(fields=["hold_expires_at"], name="visit_held", condition=Q(status="held")),
        ]

    @property
    def span(self) -> Span:
        """The time that it takes."""
        return Span(self.starts_at, self.ends_at)

    @property
    def video_seconds(self) -> int | None:
        """How long the video lasted, in whole seconds (J-04); None unless it was one and ended."""
        if self.mode != VisitMode.VIDEO or self.started_at is None or self.ended_at is None:
            return None
        lasted: timedelta = self.ended_at - self.started_at
        return int(lasted.total_seconds())


class VisitNote(Row):
    """What a physician wrote about a visit; append-only, the physicians' and the auditor's."""

    PREFIX = "vn"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="notes")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    text = models.TextField(max_length=10_000)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_note_kind_known", condition=Q(kind__in=["note", "addendum"])
            ),
        ]
