"""The tables of the app; Django looks for them here."""

from backend.prescriptions.models.course import Course, CourseClearance, CourseHalt
from backend.prescriptions.models.evidence import (
    Decision,
    Reassessment,
    Signature,
    SigningKey,
    SignOff,
)
from backend.prescriptions.models.prescription import Prescription

__all__ = [
    "Course",
    "CourseClearance",
    "CourseHalt",
    "Decision",
    "Prescription",
    "Reassessment",
    "SignOff",
    "Signature",
    "SigningKey",
]
