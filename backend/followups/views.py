"""Check-ins, follow-ups and second-course decisions over HTTP."""

import django_filters as filters
from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.api.filters import IdFilter, ListFilters
from backend.api.schema import operation
from backend.followups.queries import (
    check_ins_visible_to,
    follow_ups_visible_to,
    second_course_decisions_visible_to,
)
from backend.followups.rules import (
    CHECK_INS,
    FOLLOW_UPS,
    SECOND_COURSES,
    CheckInKind,
    CheckInStatus,
    FollowUpKind,
    FollowUpStatus,
    SecondCourseStatus,
)
from backend.followups.serializers import (
    AnswerCheckInIn,
    CheckInOut,
    DecideSecondCourseIn,
    FollowUpOut,
    ReportCheckInIn,
    SecondCourseDecisionOut,
)
from backend.followups.services.answer import answer
from backend.followups.services.decide_second_course import decide_second_course
from backend.followups.services.report import report
from backend.kernel.errors import NotFound
from backend.prescriptions.queries import courses_visible_to


class CheckInFilters(ListFilters):
    """By patient, course, kind and status."""

    patient = IdFilter("pt", field_name="patient_id")
    course = IdFilter("crs", field_name="course_id")
    kind = filters.ChoiceFilter(choices=[(k.value, k.value) for k in CheckInKind])
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in CheckInStatus])


class CheckIns(Endpoint):
    """GET, POST /v1/check_ins"""

    verbs = {"get": CHECK_INS["list"], "post": CHECK_INS["report"]}
    filters = CheckInFilters

    @operation(gives=CheckInOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Newest first."""
        return self.listed(check_ins_visible_to(self.actor), CheckInOut)

    @operation(takes=ReportCheckInIn, gives=CheckInOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Report unasked how you are; the answer says at once what to do."""
        asked = self.asked(ReportCheckInIn)
        patient = patients_visible_to(self.actor).first()
        if patient is None:
            raise NotFound()
        return self.act(
            lambda: report(patient_id=patient.id, **asked, by=self.actor, at=clock.now(patient)),
            CheckInOut,
            status=201,
        )


class OneCheckIn(Endpoint):
    """GET /v1/check_ins/{check_in_id}"""

    verbs = {"get": CHECK_INS["read"]}

    @operation(gives=CheckInOut)
    def get(self, request: Request, check_in_id: str) -> HttpResponse:  # noqa: ARG002
        """One check-in."""
        return self.look(self.find(check_ins_visible_to(self.actor), check_in_id), CheckInOut)


class AnswerCheckIn(Endpoint):
    """POST /v1/check_ins/{check_in_id}/answer"""

    verbs = {"post": CHECK_INS["answer"]}

    @operation(takes=AnswerCheckInIn, gives=CheckInOut)
    def post(self, request: Request, check_in_id: str) -> HttpResponse:  # noqa: ARG002
        """Answer a check-in, however late; the reply says at once what to do."""
        asked = self.asked(AnswerCheckInIn)
        check_in = self.find(check_ins_visible_to(self.actor), check_in_id)
        version = self.expected_version()
        return self.act(
            lambda: answer(
                check_in_id=check_in.id,
                **asked,
                expected_version=version,
                by=self.actor,
                at=clock.now(check_in.patient),
            ),
            CheckInOut,
        )


class FollowUpFilters(ListFilters):
    """By patient, course, kind and status."""

    patient = IdFilter("pt", field_name="patient_id")
    course = IdFilter("crs", field_name="plan__course_id")
    kind = filters.ChoiceFilter(choices=[(k.value, k.value) for k in FollowUpKind])
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in FollowUpStatus])


class FollowUps(Endpoint):
    """GET /v1/follow_ups: the plan as a timeline."""

    verbs = {"get": FOLLOW_UPS["list"]}
    filters = FollowUpFilters

    @operation(gives=FollowUpOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """In the order in which they fall due."""
        rows = follow_ups_visible_to(self.actor)
        return self.listed(rows, FollowUpOut, order=("due_at", "id"))


class OneFollowUp(Endpoint):
    """GET /v1/follow_ups/{follow_up_id}"""

    verbs = {"get": FOLLOW_UPS["read"]}

    @operation(gives=FollowUpOut)
    def get(self, request: Request, follow_up_id: str) -> HttpResponse:  # noqa: ARG002
        """One step of a plan."""
        return self.look(self.find(follow_ups_visible_to(self.actor), follow_up_id), FollowUpOut)


class DecideSecondCourse(Endpoint):
    """POST /v1/courses/{course_id}/decide_second_course"""

    verbs = {"post": SECOND_COURSES["decide"]}

    @operation(takes=DecideSecondCourseIn, gives=SecondCourseDecisionOut, status=201)
    def post(self, request: Request, course_id: str) -> HttpResponse:  # noqa: ARG002
        """Offer or decline another course after this one."""
        asked = self.asked(DecideSecondCourseIn)
        course = self.find(courses_visible_to(self.actor), course_id)
        return self.act(
            lambda: decide_second_course(
                course_id=course.id, **asked, by=self.actor, at=clock.now(course.patient)
            ),
            SecondCourseDecisionOut,
            status=201,
        )


class SecondCourseFilters(ListFilters):
    """By patient, course and status."""

    patient = IdFilter("pt", field_name="patient_id")
    course = IdFilter("crs", field_name="course_id")
    status = filters.ChoiceFilter(choices=[(s.value, s.value) for s in SecondCourseStatus])


class SecondCourseDecisions(Endpoint):
    """GET /v1/second_course_decisions"""

    verbs = {"get": SECOND_COURSES["list"]}
    filters = SecondCourseFilters

    @operation(gives=SecondCourseDecisionOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Newest first."""
        rows = second_course_decisions_visible_to(self.actor)
        return self.listed(rows, SecondCourseDecisionOut)


class OneSecondCourseDecision(Endpoint):
    """GET /v1/second_course_decisions/{second_course_decision_id}"""

    verbs = {"get": SECOND_COURSES["read"]}

    @operation(gives=SecondCourseDecisionOut)
    def get(
        self,
        request: Request,  # noqa: ARG002
        second_course_decision_id: str,
    ) -> HttpResponse:
        """One decision."""
        rows = second_course_decisions_visible_to(self.actor)
        return self.look(self.find(rows, second_course_decision_id), SecondCourseDecisionOut)
