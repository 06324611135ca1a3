"""Clinical facts about a patient: append-only rows that can be taken back once."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from backend.accounts.models import Patient
from backend.db import Row, together
from backend.kernel.verbs import Verbs
from backend.protocol import vocabulary as v
from backend.records.rules import (
    LAB_RESULTS,
    PHQ_SCORES,
    PREGNANCY_TESTS,
    STATEMENTS,
    WEIGHTS,
    FactStatus,
    RetractionReason,
)
from backend.records.topics import TOPICS


class Fact(Row):
    """Something known about a patient. `noted_on` is the civil date where the patient lives.

    `noted_by` is the actor's label, like in the audit trail: it outlives the account.
    """

    table: ClassVar[Verbs]

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    noted_on = models.DateField()
    noted_by = models.CharField(max_length=120)
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.CharField(max_length=120, null=True)
    retraction_reason = models.CharField(max_length=16, null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_retraction_together",
                condition=together("retracted_at", "retracted_by", "retraction_reason"),
            ),
            models.CheckConstraint(
                name="%(class)s_retraction_reason_known",
                condition=Q(retraction_reason__isnull=True)
                | Q(retraction_reason__in=sorted(reason.value for reason in RetractionReason)),
            ),
        ]

    @property
    def status(self) -> str:
        """Noted, or retracted."""
        retracted = self.retracted_at is not None
        return (FactStatus.RETRACTED if retracted else FactStatus.NOTED).value


class Measurement(Fact):
    """A fact taken on a day: never dated after the day on which it was noted (X-06)."""

    taken_on = models.DateField()

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_not_in_the_future", condition=Q(taken_on__lte=F("noted_on"))
            ),
        ]
        indexes = [models.Index(fields=["patient", "taken_on"], name="%(class)s_by_day")]


class Weight(Measurement):
    """A body weight in kilograms (D-19)."""

    PREFIX = "wt"
    table = WEIGHTS

    kg = models.DecimalField(max_digits=4, decimal_places=1)

    class Meta(Measurement.Meta):
        constraints = [
            *Measurement.Meta.constraints,
            models.CheckConstraint(
                name="weight_from_20_to_300_kg", condition=Q(kg__gte=20, kg__lte=300)
            ),
        ]


class PregnancyTest(Measurement):
    """A pregnancy test. `coded`: the photo of a home test shows a one-time code."""

    PREFIX = "pgt"
    table = PREGNANCY_TESTS

    result = models.CharField(max_length=16)
    setting = models.CharField(max_length=20)
    coded = models.BooleanField(default=False)

    class Meta(Measurement.Meta):
        constraints = [
            *Measurement.Meta.constraints,
            models.CheckConstraint(
                name="pregnancy_test_result_known", condition=Q(result__in=sorted(v.TEST_RESULTS))
            ),
            models.CheckConstraint(
                name="pregnancy_test_setting_known",
                condition=Q(setting__in=sorted(v.TEST_SETTINGS)),
            ),
        ]


class LabResult(Measurement):
    """A laboratory result. `uln`: the laboratory's upper limit of normal, in the same unit."""

    PREFIX = "lab"
    table = LAB_RESULTS

    analyte = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=10, decimal_places=3)
    unit = models.CharField(max_length=8)
    fasting = models.BooleanField(default=False)
    uln = models.DecimalField(max_digits=10, decimal_places=3, null=True)

    class Meta(Measurement.Meta):
        constraints = [
            *Measurement.Meta.constraints,
            models.CheckConstraint(
                name="lab_result_analyte_and_unit_known",
                condition=Q(
                    *(
                        Q(analyte=analyte, unit__in=sorted(units))
                        for analyte, units in sorted(v.UNITS_OF_ANALYTE.items())
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(name="lab_result_above_zero", condition=Q(value__gt=0)),
            models.CheckConstraint(
                name="lab_result_limit_above_zero", condition=Q(uln__isnull=True) | Q(uln__gt=0)
            ),
        ]


class PhqScore(Measurement):
    """Answers to PHQ-2 and PHQ-9, and item 9 by itself; null = not answered."""

    PREFIX = "phq"
    table = PHQ_SCORES

    phq2 = models.PositiveSmallIntegerField(null=True)
    phq9 = models.PositiveSmallIntegerField(null=True)
    item9 = models.PositiveSmallIntegerField(null=True)

    class Meta(Measurement.Meta):
        constraints = [
            *Measurement.Meta.constraints,
            models.CheckConstraint(
                name="phq_score_phq2_to_6", condition=Q(phq2__isnull=True) | Q(phq2__lte=6)
            ),
            models.CheckConstraint(
                name="phq_score_phq9_to_27", condition=Q(phq9__isnull=True) | Q(phq9__lte=27)
            ),
            models.CheckConstraint(
                name="phq_score_item9_to_3", condition=Q(item9__isnull=True) | Q(item9__lte=3)
            ),
            models.CheckConstraint(
                name="phq_score_says_something",
                condition=Q(phq2__isnull=False) | Q(phq9__isnull=False) | Q(item9__isnull=False),
            ),
        ]


class Statement(Fact):
    """What was stated about a topic (see `topics.py`); the newest statement of a topic counts."""

    PREFIX = "stm"
    table = STATEMENTS

    topic = models.CharField(max_length=24)
    value = models.JSONField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="statement_topic_known", condition=Q(topic__in=sorted(TOPICS))
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "topic", "-noted_at"], name="statement_by_topic")
        ]
