"""Paths of follow-up."""

from django.urls import path

from backend.followups import views

urlpatterns = [
    path("check_ins", views.CheckIns.as_view()),
    path("check_ins/<str:check_in_id>", views.OneCheckIn.as_view()),
    path("check_ins/<str:check_in_id>/answer", views.AnswerCheckIn.as_view()),
    path("follow_ups", views.FollowUps.as_view()),
    path("follow_ups/<str:follow_up_id>", views.OneFollowUp.as_view()),
    path("courses/<str:course_id>/decide_second_course", views.DecideSecondCourse.as_view()),
    path("second_course_decisions", views.SecondCourseDecisions.as_view()),
    path(
        "second_course_decisions/<str:second_course_decision_id>",
        views.OneSecondCourseDecision.as_view(),
    ),
]
