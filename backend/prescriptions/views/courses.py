"""The doors of courses: parse, one call, answer."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.api.fields import NoBody
from backend.api.schema import operation
from backend.prescriptions.dose_plan import Wish
from backend.prescriptions.filters import CourseFilters
from backend.prescriptions.queries import courses_visible_to, named
from backend.prescriptions.rules import COURSES
from backend.prescriptions.serializers.courses import (
    CourseOut,
    CreateCourseIn,
    EndCourseIn,
    HaltCourseIn,
    OneCourseOut,
    ResumeCourseIn,
)
from backend.prescriptions.serializers.dose_plan import DosePlanOut, PlanDoseCourseIn
from backend.prescriptions.services.cancel_course import cancel_course
from backend.prescriptions.services.create_course import create_course
from backend.prescriptions.services.end_course import end_course
from backend.prescriptions.services.halt import halt
from backend.prescriptions.services.plan_dose import plan_dose
from backend.prescriptions.services.resume import Clearance, resume


class Courses(Endpoint):
    """GET, POST /v1/courses"""

    verbs = {"get": COURSES["list"], "post": COURSES["create"]}
    filters = CourseFilters

    @operation(gives=CourseOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Courses, newest first."""
        return self.listed(courses_visible_to(self.actor), CourseOut)

    @operation(takes=CreateCourseIn, gives=OneCourseOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Plan a patient's course; a second one only when a decision allows it."""
        asked = self.asked(CreateCourseIn)
        patient = named(patients_visible_to(self.actor), asked["patient"], "patient")
        self.admitted(patient)
        return self.act(
            lambda: create_course(
                patient_id=patient.id,
                indication=asked.get("indication"),
                by=self.actor,
                at=clock.now(patient),
            ),
            OneCourseOut,
            status=201,
        )


class OneCourse(Endpoint):
    """GET /v1/courses/{course_id}"""

    verbs = {"get": COURSES["read"]}

    @operation(gives=OneCourseOut)
    def get(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """One course, with the milligrams dispensed."""
        return self.look(self.find(courses_visible_to(self.actor), course_id), OneCourseOut)


class EndCourse(Endpoint):
    """POST /v1/courses/{course_id}/end"""

    verbs = {"post": COURSES["end"]}

    @operation(takes=EndCourseIn, gives=OneCourseOut)
    def post(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """End it on the day of the last dose; what is still open on it is void."""
        asked = self.asked(EndCourseIn)
        course = self.find(courses_visible_to(self.actor), course_id)
        version = self.expected_version()
        return self.act(
            lambda: end_course(
                course_id=course.id,
                ended_on=asked["ended_on"],
                reason=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(course.patient),
            ),
            OneCourseOut,
        )


class CancelCourse(Endpoint):
    """POST /v1/courses/{course_id}/cancel"""

    verbs = {"post": COURSES["cancel"]}

    @operation(takes=NoBody, gives=OneCourseOut)
    def post(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """Give it up before the first dose; what is open on it is void."""
        self.asked(NoBody)
        course = self.find(courses_visible_to(self.actor), course_id)
        version = self.expected_version()
        return self.act(
            lambda: cancel_course(
                course_id=course.id,
                expected_version=version,
                by=self.actor,
                at=clock.now(course.patient),
            ),
            OneCourseOut,
        )


class HaltCourse(Endpoint):
    """POST /v1/courses/{course_id}/halt"""

    verbs = {"post": COURSES["halt"]}

    @operation(takes=HaltCourseIn, gives=OneCourseOut)
    def post(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """Stop the drug: every open prescription of the course is void."""
        asked = self.asked(HaltCourseIn)
        course = self.find(courses_visible_to(self.actor), course_id)
        version = self.expected_version()
        return self.act(
            lambda: halt(
                course_id=course.id,
                reason_code=asked["reason"],
                expected_version=version,
                by=self.actor,
                at=clock.now(course.patient),
            ),
            OneCourseOut,
        )


class ResumeCourse(Endpoint):
    """POST /v1/courses/{course_id}/resume"""

    verbs = {"post": COURSES["resume"]}

    @operation(takes=ResumeCourseIn, gives=OneCourseOut)
    def post(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """Re-open a halted course (senior physicians); nothing that was voided comes back."""
        asked = self.asked(ResumeCourseIn)
        course = self.find(courses_visible_to(self.actor), course_id)
        version = self.expected_version()
        return self.act(
            lambda: resume(
                course_id=course.id,
                reason=asked["reason"],
                clearance=_clearance(asked["clearance"]),
                expected_version=version,
                by=self.actor,
                at=clock.now(course.patient),
            ),
            OneCourseOut,
        )


class PlanDoseCourse(Endpoint):
    """POST /v1/courses/{course_id}/plan_dose"""

    verbs = {"post": COURSES["plan_dose"]}

    @operation(takes=PlanDoseCourseIn, gives=DosePlanOut)
    def post(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """Capsules, supplies and the projected end for a target dose; nothing is stored."""
        wish = Wish(**self.asked(PlanDoseCourseIn))
        course = self.find(courses_visible_to(self.actor), course_id)
        return self.act(
            lambda: plan_dose(
                course_id=course.id, wish=wish, by=self.actor, at=clock.now(course.patient)
            ),
            DosePlanOut,
        )


def _clearance(asked: dict[str, Any]) -> Clearance:
    return Clearance(asked["specialist"], asked["cleared_on"], asked["note"])
