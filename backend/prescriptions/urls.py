"""The paths of courses and prescriptions."""

from django.urls import path

from backend.prescriptions.views.courses import (
    CancelCourse,
    Courses,
    EndCourse,
    HaltCourse,
    OneCourse,
    PlanDoseCourse,
    ResumeCourse,
)
from backend.prescriptions.views.decisions import Decisions, OneDecision, ReplayDecision
from backend.prescriptions.views.prescriptions import (
    Assessment,
    OnePrescription,
    Prescriptions,
    SignedContent,
    SigningKeys,
    UpdatePrescription,
)
from backend.prescriptions.views.requirements import Requirements
from backend.prescriptions.views.review import (
    ApprovePrescription,
    CancelPrescription,
    DeclinePrescription,
    ReturnPrescription,
    SignOffPrescription,
    SubmitPrescription,
    VoidPrescription,
)

COURSE, PRESCRIPTION = "courses/<str:course_id>", "prescriptions/<str:prescription_id>"

urlpatterns = [
    path("courses", Courses.as_view()),
    path(COURSE, OneCourse.as_view()),
    path(f"{COURSE}/end", EndCourse.as_view()),
    path(f"{COURSE}/cancel", CancelCourse.as_view()),
    path(f"{COURSE}/halt", HaltCourse.as_view()),
    path(f"{COURSE}/resume", ResumeCourse.as_view()),
    path(f"{COURSE}/plan_dose", PlanDoseCourse.as_view()),
    path("prescriptions", Prescriptions.as_view()),
    path(PRESCRIPTION, OnePrescription.as_view()),
    path(f"{PRESCRIPTION}/update", UpdatePrescription.as_view()),
    path(f"{PRESCRIPTION}/submit", SubmitPrescription.as_view()),
    path(f"{PRESCRIPTION}/sign_off", SignOffPrescription.as_view()),
    path(f"{PRESCRIPTION}/approve", ApprovePrescription.as_view()),
    path(f"{PRESCRIPTION}/decline", DeclinePrescription.as_view()),
    path(f"{PRESCRIPTION}/return", ReturnPrescription.as_view()),
    path(f"{PRESCRIPTION}/cancel", CancelPrescription.as_view()),
    path(f"{PRESCRIPTION}/void", VoidPrescription.as_view()),
    path(f"{PRESCRIPTION}/assessment", Assessment.as_view()),
    path(f"{PRESCRIPTION}/requirements", Requirements.as_view()),
    path(f"{PRESCRIPTION}/signed_content", SignedContent.as_view()),
    path("decisions", Decisions.as_view()),
    path("decisions/<str:decision_id>", OneDecision.as_view()),
    path("decisions/<str:decision_id>/replay", ReplayDecision.as_view()),
    path("signing_keys", SigningKeys.as_view()),
]
