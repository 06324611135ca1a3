"""Courses: shapes in and out."""

from rest_framework import serializers

from backend.api.fields import CivilDate, Code, Line, Prose, PublicId, Shape
from backend.api.out import StatefulOut
from backend.prescriptions.rules import COURSES, EndReason, HaltReason
from backend.protocol.vocabulary import INDICATIONS


class CreateCourseIn(Shape):
    """A course for a patient."""

    patient = PublicId("pt")
    indication = Code(sorted(INDICATIONS), required=False)

    example = {"patient": "pt_01jq0000000000000000000000", "indication": "acne"}


class EndCourseIn(Shape):
    """When the last dose was taken, and why the course ends."""

    ended_on = CivilDate(help_text="Civil day of the last dose.")
    reason = Code(EndReason)

    example = {"ended_on": "2026-09-01", "reason": "completed"}


class HaltCourseIn(Shape):
    """Why the physician stops it."""

    reason = Code(HaltReason)

    example = {"reason": "adverse_effect"}


class ClearanceIn(Shape):
    """A specialist's clearance."""

    specialist = Line(max_length=120, help_text="Name and field.")
    cleared_on = CivilDate()
    note = Prose(max_length=2000)


class ResumeCourseIn(Shape):
    """Why a senior physician re-opens it, and what allows it."""

    reason = Prose(max_length=2000)
    clearance = ClearanceIn()

    example = {
        "reason": "Papilloedema excluded; symptoms gone.",
        "clearance": {
            "specialist": "Dr Ito, neurology",
            "cleared_on": "2026-05-20",
            "note": "No raised intracranial pressure.",
        },
    }


class CourseOut(StatefulOut):
    """A course."""

    table = COURSES

    patient = PublicId("pt", source="patient_id", read_only=True)
    number = serializers.IntegerField(read_only=True, help_text="1 = the first course.")
    indication = serializers.CharField(read_only=True, allow_null=True)
    started_on = serializers.DateField(read_only=True, allow_null=True)
    ended_on = serializers.DateField(read_only=True, allow_null=True)
    end_reason = serializers.CharField(read_only=True, allow_null=True)
    halted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    halt_reason = serializers.CharField(read_only=True, allow_null=True)
    next_course_allowed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


class OneCourseOut(CourseOut):
    """A course with its sum."""

    dispensed_mg = serializers.DecimalField(
        max_digits=9,
        decimal_places=1,
        read_only=True,
        help_text="Milligrams handed over, returns taken off.",
    )
