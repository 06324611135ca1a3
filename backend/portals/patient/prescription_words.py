"""What has become of a prescription, in words for the patient."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.prescriptions.models import Prescription
from backend.prescriptions.rules import PrescriptionStatus as S


@dataclass(frozen=True, slots=True)
class Said:
    """A word, its colour and sign (a level), and what it means for the patient."""

    word: Promise
    level: str
    meaning: Promise


_CHECKING = Said(
    _("Being checked"),
    "hold",
    _("The clinic checks this prescription. We tell you when it is done."),
)
_OF_STATUS = {
    S.IN_REVIEW: _CHECKING,
    S.RETURNED: _CHECKING,
    S.DRAFT: _CHECKING,
    S.DECLINED: Said(_("Not prescribed"), "block", _("The physician decided against it.")),
    S.CANCELLED: Said(_("Withdrawn"), "hold", _("The clinic withdrew it before it was issued.")),
    S.APPROVED: Said(_("Ready for the pharmacy"), "clear", _("The pharmacy has been told.")),
    S.CLAIMED: Said(
        _("Being prepared"), "hold", _("The pharmacy prepares it. You have not received it yet.")
    ),
    S.PARTIALLY_DISPENSED: Said(
        _("Partly handed over"), "hold", _("The pharmacy still holds the rest for you.")
    ),
    S.DISPENSED: Said(_("Handed over"), "clear", _("You have received all of it.")),
    S.VOIDED: Said(_("No longer valid"), "stop", _("Nothing more is handed over on it.")),
    S.EXPIRED: Said(
        _("Expired"), "block", _("It was not handed over in time. Please contact the clinic.")
    ),
    S.REJECTED: Said(
        _("Not accepted by the pharmacy"), "block", _("The clinic sees to it and contacts you.")
    ),
}


FELL_THROUGH = (S.DECLINED, S.CANCELLED, S.VOIDED, S.EXPIRED, S.REJECTED)  # brings no medicine


def said_of(row: Prescription) -> Said:
    """The words for a prescription's status."""
    return _OF_STATUS[S(row.status)]


def why_declined(row: Prescription, language: str) -> str:
    """What the physician wrote for the patient; empty when it was not declined."""
    if row.status != S.DECLINED:
        return ""
    return (row.decline_text_en if language == "en" else row.decline_text_ja) or ""
