"""Who stands around a prescription."""

from typing import Any

from backend.prescriptions.models import Prescription
from tests.callers import Caller
from tests.factories.care import physician_of


def physician_for(row: Any, **traits: Any) -> Any:
    """Another physician of the same clinic, who saw the patient."""
    return physician_of(row.patient, **traits)


def do(row: Prescription, verb: str, body: Any = None, *, by: Any, language: str = "en") -> Any:
    """POST a verb on a prescription, with the version that it has now."""
    row.refresh_from_db()
    path = f"/v1/prescriptions/{row.ref}/{verb}"
    return Caller(by, language=language).post(path, body, version=row.version)


def do_course(course: Any, verb: str, body: Any = None, *, by: Any) -> Any:
    """POST a verb on a course, with the version that it has now."""
    course.refresh_from_db()
    return Caller(by).post(f"/v1/courses/{course.ref}/{verb}", body, version=course.version)
