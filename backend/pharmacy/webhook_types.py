"""What pharmacies are told, and which of our events it comes from. Plain Python."""

from collections.abc import Mapping

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
FROM_EVENT: Mapping[str, str] = {
    "prescriptions.prescription.approved": PRESCRIPTION_APPROVED,
    "prescriptions.prescription.voided": PRESCRIPTION_VOIDED,
    "prescriptions.prescription.expired": PRESCRIPTION_EXPIRED,
    "pharmacy.prescription.released": PRESCRIPTION_RELEASED,
    "pharmacy.claim.lapsed": CLAIM_LAPSED,
}
