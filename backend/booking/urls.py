"""Paths of booking."""

from django.urls import path

from backend.booking.views.hours import (
    AvailabilityExceptions,
    AvailabilityRules,
    OneAvailabilityException,
    OneAvailabilityRule,
    WithdrawAvailabilityException,
    WithdrawAvailabilityRule,
)
from backend.booking.views.sessions import (
    AddNote,
    CompleteVisit,
    JoinVisit,
    MarkNoShow,
    StartVisit,
    VisitCalendar,
)
from backend.booking.views.slots import Slots
from backend.booking.views.visits import (
    CancelVisit,
    ConfirmVisit,
    OneVisit,
    VisitNotes,
    Visits,
)

_RULE = "availability_rules/<str:rule_id>"
_EXCEPTION = "availability_exceptions/<str:exception_id>"
_VISIT = "visits/<str:visit_id>"

urlpatterns = [
    path("slots", Slots.as_view()),
    path("availability_rules", AvailabilityRules.as_view()),
    path(_RULE, OneAvailabilityRule.as_view()),
    path(f"{_RULE}/withdraw", WithdrawAvailabilityRule.as_view()),
    path("availability_exceptions", AvailabilityExceptions.as_view()),
    path(_EXCEPTION, OneAvailabilityException.as_view()),
    path(f"{_EXCEPTION}/withdraw", WithdrawAvailabilityException.as_view()),
    path("visits", Visits.as_view()),
    path(_VISIT, OneVisit.as_view()),
    path(f"{_VISIT}/confirm", ConfirmVisit.as_view()),
    path(f"{_VISIT}/cancel", CancelVisit.as_view()),
    path(f"{_VISIT}/start", StartVisit.as_view()),
    path(f"{_VISIT}/complete", CompleteVisit.as_view()),
    path(f"{_VISIT}/add_note", AddNote.as_view()),
    path(f"{_VISIT}/mark_no_show", MarkNoShow.as_view()),
    path(f"{_VISIT}/join", JoinVisit.as_view()),
    path(f"{_VISIT}/calendar", VisitCalendar.as_view()),
    path(f"{_VISIT}/notes", VisitNotes.as_view()),
]
