"""What the lists may be narrowed by."""

import django_filters as filters

from backend.api.filters import IdFilter, ListFilters
from backend.prescriptions.rules import CourseStatus, Moment, PrescriptionStatus
from backend.protocol.findings import Decision


class CourseFilters(ListFilters):
    """Courses by patient and status."""

    patient = IdFilter("pt", field_name="patient_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in CourseStatus])


class PrescriptionFilters(ListFilters):
    """Prescriptions by patient, course and status. `in_review` is the worklist."""

    patient = IdFilter("pt", field_name="patient_id")
    course = IdFilter("crs", field_name="course_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in PrescriptionStatus])


class DecisionFilters(ListFilters):
    """Decisions by whom and what they are about, what was said, by which pack, and when."""

    patient = IdFilter("pt", field_name="patient_id")
    course = IdFilter("crs", field_name="course_id")
    prescription = IdFilter("rx", field_name="prescription_id")
    moment = filters.ChoiceFilter(choices=[(m.value, m.value) for m in Moment])
    decision = filters.ChoiceFilter(choices=[(d.value, d.value) for d in Decision])
    pack = filters.CharFilter(field_name="pack", max_length=40)
    pack_version = filters.CharFilter(field_name="pack_version", max_length=80)
    asked_from = filters.IsoDateTimeFilter(field_name="asked_at", lookup_expr="gte")
    asked_before = filters.IsoDateTimeFilter(field_name="asked_at", lookup_expr="lt")


class SigningKeyFilters(ListFilters):
    """Nothing to choose: every key."""
