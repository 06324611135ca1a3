"""What codes are called on the physician's pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

VISIT_STATUSES = {
    "held": _("Held"),
    "booked": _("Booked"),
    "in_progress": _("In progress"),
    "completed": _("Completed"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
    "no_show": _("Did not come"),
}
MODES = {
    "video": _("Video"),
    "in_person": _("In person"),
    "phone": _("Telephone"),
    "chat": _("Chat"),
    "photo": _("Photo"),
}
KINDS = {"first": _("First visit"), "follow_up": _("Follow-up visit")}
HISTORIES = {
    "own_patient": _("A patient of this clinic"),
    "records": _("Records of another clinic"),
    "pre_consultation": _("Consultation before"),
    "none": _("Nothing is known"),
}
CHECKLIST = {
    "care_plan_agreed": _("The care plan was agreed"),
    "privacy_confirmed": _("The patient is alone, or wants company"),
    "hospital_arranged": _("A hospital for emergencies is arranged"),
    "mood_asked": _("Mood was asked about"),
    "sexual_function_asked": _("Sexual function was asked about"),
    "in_person_first_done": _("The first visit was in person"),
}
COURSE_STATUSES = {
    "not_started": _("Not started"),
    "running": _("Running"),
    "halted": _("Halted"),
    "ended": _("Ended"),
    "cancelled": _("Cancelled"),
}
PRESCRIPTION_STATUSES = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "returned": _("Returned"),
    "declined": _("Declined"),
    "cancelled": _("Cancelled"),
    "approved": _("Approved"),
    "claimed": _("At the pharmacy"),
    "partially_dispensed": _("Handed over in part"),
    "dispensed": _("Handed over"),
    "voided": _("Void"),
    "expired": _("Expired"),
    "rejected": _("Refused by the pharmacy"),
}
INDICATIONS = {"acne": _("Acne"), "rosacea": _("Rosacea"), "cosmetic": _("Cosmetic")}
ROUTES = {"in_house": _("Dispensed by the clinic"), "pharmacy": _("Pharmacy")}
PRIORITIES = {"normal": _("Normal"), "urgent": _("Urgent")}
END_REASONS = {
    "completed": _("Completed"),
    "cleared_early": _("Cleared early"),
    "adverse_effect": _("Adverse effect"),
    "patient_wish": _("The patient's wish"),
    "other": _("Other"),
}
HALT_REASONS = {
    "adverse_effect": _("Adverse effect"),
    "pregnancy": _("Pregnancy"),
    "mood": _("Mood"),
    "laboratory": _("Laboratory"),
    "not_reached": _("Patient not reached"),
    "other": _("Other"),
}


def to_choose(names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Choices of a coded reason: none is chosen beforehand, so that each is meant."""
    return [("", _("Choose one")), *names.items()]
