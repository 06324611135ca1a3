"""What pharmacies are told, and which of our events it comes from. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass

PRESCRIPTION_APPROVED = "prescription.approved"
PRESCRIPTION_RELEASED = "prescription.released"
PRESCRIPTION_VOIDED = "prescription.voided"
PRESCRIPTION_EXPIRED = "prescription.expired"
CLAIM_LAPSED = "claim.lapsed"
WEBHOOK_TEST = "webhook.test"

# What an endpoint may ask for. The test message needs no asking.
TYPES = (
    PRESCRIPTION_APPROVED,
    PRESCRIPTION_RELEASED,
    PRESCRIPTION_VOIDED,
    PRESCRIPTION_EXPIRED,
    CLAIM_LAPSED,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom an event concerns: the pharmacy that holds or held it, and those that could claim it.

    An empty type means that they are not told.
    """

    holder: str = ""
    others: str = ""


FROM_EVENT: Mapping[str, Telling] = {
    "prescriptions.prescription.approved": Telling(others=PRESCRIPTION_APPROVED),
    "prescriptions.prescription.voided": Telling(PRESCRIPTION_VOIDED, PRESCRIPTION_VOIDED),
    "prescriptions.prescription.expired": Telling(PRESCRIPTION_EXPIRED, PRESCRIPTION_EXPIRED),
    "pharmacy.prescription.released": Telling(others=PRESCRIPTION_RELEASED),
    "pharmacy.claim.lapsed": Telling(CLAIM_LAPSED, PRESCRIPTION_RELEASED),
}
