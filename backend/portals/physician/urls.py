"""Paths of the physician's dashboard, below /physician/."""

from django.urls import path

from backend.portals.physician.views.calendar import calendar
from backend.portals.physician.views.courses import course
from backend.portals.physician.views.drafts import draft
from backend.portals.physician.views.glass import break_glass, end_glass
from backend.portals.physician.views.panels import review_panels
from backend.portals.physician.views.patients import patient, patients
from backend.portals.physician.views.prescribe import prescribe
from backend.portals.physician.views.queue import queue, queue_list
from backend.portals.physician.views.review import following, review
from backend.portals.physician.views.tasks import task, tasks
from backend.portals.physician.views.urgent import urgent
from backend.portals.physician.views.visits import join, one_visit

app_name = "physician"
urlpatterns = [
    path("", queue, name="queue"),
    path("calendar", calendar, name="calendar"),
    path("courses/<str:course_id>", course, name="course"),
    path("courses/<str:course_id>/prescribe", prescribe, name="prescribe"),
    path("queue", queue_list, name="queue_list"),
    path("patients", patients, name="patients"),
    path("patients/<str:patient_id>", patient, name="patient"),
    path("glass", break_glass, name="break_glass"),
    path("glass/<str:emergency_access_id>/end", end_glass, name="end_glass"),
    path("prescriptions/<str:prescription_id>", review, name="review"),
    path("prescriptions/<str:prescription_id>/next", following, name="following"),
    path("prescriptions/<str:prescription_id>/panels", review_panels, name="review_panels"),
    path("prescriptions/<str:prescription_id>/draft", draft, name="draft"),
    path("visits/<str:visit_id>", one_visit, name="visit"),
    path("visits/<str:visit_id>/join", join, name="join"),
    path("tasks", tasks, name="tasks"),
    path("tasks/<str:task_id>", task, name="task"),
    path("urgent", urgent, name="urgent"),
]
