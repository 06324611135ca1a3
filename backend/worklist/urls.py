"""Paths of the worklist."""

from django.urls import path

from backend.worklist.views import CompleteTask, OneTask, Tasks

urlpatterns = [
    path("tasks", Tasks.as_view()),
    path("tasks/<str:task_id>", OneTask.as_view()),
    path("tasks/<str:task_id>/complete", CompleteTask.as_view()),
]
