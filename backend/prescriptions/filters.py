"""What the lists may be narrowed by."""

import django_filters as filters

from backend.api.filters import IdFilter, ListFilters
from backend.prescriptions.rules import CourseStatus, PrescriptionStatus


class CourseFilters(ListFilters):
    """Courses by patient and status."""

    patient = IdFilter("pt", field_name="patient_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in CourseStatus])


class PrescriptionFilters(ListFilters):
    """Prescriptions by patient, course and status. `in_review` is the worklist."""

    patient = IdFilter("pt", field_name="patient_id")
    course = IdFilter("crs", field_name="course_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in PrescriptionStatus])


class SigningKeyFilters(ListFilters):
    """Nothing to choose: every key."""
