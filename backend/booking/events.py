"""What booking announces. A held slot is nobody's news."""

VISIT_CONFIRMED = "booking.visit.confirmed"
VISIT_CANCELLED = "booking.visit.cancelled"
VISIT_COMPLETED = "booking.visit.completed"
VISIT_NO_SHOW = "booking.visit.no_show"

EVENTS = (VISIT_CONFIRMED, VISIT_CANCELLED, VISIT_COMPLETED, VISIT_NO_SHOW)
