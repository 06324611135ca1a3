"""Shapes of the facts, in and out. Whether a value can be recorded is asked in the step."""

from typing import Any

from rest_framework import serializers

from backend.api.fields import CivilDate, Code, DecimalText, Flag, PublicId, Shape, Whole
from backend.api.out import StatefulOut
from backend.protocol import vocabulary as v
from backend.records.rules import (
    LAB_RESULTS,
    PHQ_SCORES,
    PREGNANCY_TESTS,
    STATEMENTS,
    WEIGHTS,
    RetractionReason,
)
from backend.records.topics import TOPICS

_PATIENT = "pt_01jq8z6c5wf3k9d2m7x4v0n1ab"


def _number(**options: Any) -> DecimalText:
    return DecimalText(max_digits=10, decimal_places=3, normalize_output=True, **options)


class NoteWeightIn(Shape):
    """A weight."""

    patient = PublicId("pt")
    kg = DecimalText(max_digits=4, decimal_places=1, help_text="Kilograms, 20 to 300.")
    taken_on = CivilDate(help_text="Where the patient lives; not in the future (X-06).")

    example = {"patient": _PATIENT, "kg": "52.0", "taken_on": "2026-03-03"}


class NotePregnancyTestIn(Shape):
    """A pregnancy test. A patient may report one done at home."""

    patient = PublicId("pt")
    taken_on = CivilDate()
    result = Code(sorted(v.TEST_RESULTS))
    setting = Code(sorted(v.TEST_SETTINGS))
    coded = Flag(
        default=False,
        help_text="The photo shows a one-time code (home tests); clinical staff say so.",
    )

    example = {
        "patient": _PATIENT,
        "taken_on": "2026-03-09",
        "result": "negative",
        "setting": "clinic",
    }


class NoteLabResultIn(Shape):
    """One laboratory result."""

    patient = PublicId("pt")
    analyte = Code(sorted(v.ANALYTES))
    value = _number(help_text="In `unit`, above 0.")
    unit = Code(sorted(v.UNITS))
    taken_on = CivilDate()
    fasting = Flag(default=False)
    uln = _number(
        required=False, allow_null=True, help_text="Upper limit of normal of the laboratory."
    )

    example = {
        "patient": _PATIENT,
        "analyte": "alt",
        "value": "22",
        "unit": "U/L",
        "taken_on": "2026-03-02",
        "uln": "40",
    }


class NotePhqScoreIn(Shape):
    """PHQ-2, PHQ-9 and item 9; left out = not answered."""

    patient = PublicId("pt")
    taken_on = CivilDate()
    phq2 = Whole(required=False, allow_null=True, min_value=0, max_value=6)
    phq9 = Whole(required=False, allow_null=True, min_value=0, max_value=27)
    item9 = Whole(required=False, allow_null=True, min_value=0, max_value=3)

    example = {"patient": _PATIENT, "taken_on": "2026-03-10", "phq2": 0, "phq9": 1, "item9": 0}


class NoteStatementIn(Shape):
    """What was stated about a topic; it replaces the statement before as a whole."""

    patient = PublicId("pt")
    topic = Code(TOPICS)
    value = serializers.DictField(help_text="The fact keys of the topic.")

    example = {
        "patient": _PATIENT,
        "topic": "medicines",
        "value": {"medicines": [{"code": "doxycycline", "stopped_on": "2026-02-01"}]},
    }


class RetractIn(Shape):
    """Why the entry was wrong."""

    reason = Code(RetractionReason)

    example = {"reason": "wrong_value"}


class FactOut(StatefulOut):
    """Who noted a fact about whom, and whether it still counts."""

    patient = PublicId("pt", source="patient_id", read_only=True)
    noted_at = serializers.DateTimeField(read_only=True, help_text="UTC.")
    noted_by = serializers.CharField(read_only=True)
    retracted_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="UTC.")
    retracted_by = serializers.CharField(read_only=True, allow_null=True)
    retraction_reason = serializers.CharField(read_only=True, allow_null=True)


class WeightOut(FactOut):
    """A weight."""

    table = WEIGHTS
    kg = DecimalText(max_digits=4, decimal_places=1, read_only=True)
    taken_on = serializers.DateField(read_only=True)


class PregnancyTestOut(FactOut):
    """A pregnancy test."""

    table = PREGNANCY_TESTS
    taken_on = serializers.DateField(read_only=True)
    result = serializers.CharField(read_only=True)
    setting = serializers.CharField(read_only=True)
    coded = serializers.BooleanField(read_only=True)


class LabResultOut(FactOut):
    """A laboratory result."""

    table = LAB_RESULTS
    analyte = serializers.CharField(read_only=True)
    value = _number(read_only=True)
    unit = serializers.CharField(read_only=True)
    taken_on = serializers.DateField(read_only=True)
    fasting = serializers.BooleanField(read_only=True)
    uln = _number(read_only=True, allow_null=True)


class PhqScoreOut(FactOut):
    """Answers to the mood questionnaires."""

    table = PHQ_SCORES
    taken_on = serializers.DateField(read_only=True)
    phq2 = serializers.IntegerField(read_only=True, allow_null=True)
    phq9 = serializers.IntegerField(read_only=True, allow_null=True)
    item9 = serializers.IntegerField(read_only=True, allow_null=True)


class StatementOut(FactOut):
    """A statement."""

    table = STATEMENTS
    topic = serializers.CharField(read_only=True)
    value = serializers.DictField(read_only=True)
