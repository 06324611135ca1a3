"""What the pharmacy announces. Payloads: `api_schema/events/<event>.json`."""

PRESCRIPTION_CLAIMED = "pharmacy.prescription.claimed"
PRESCRIPTION_RELEASED = "pharmacy.prescription.released"
PRESCRIPTION_REJECTED = "pharmacy.prescription.rejected"
CLAIM_LAPSED = "pharmacy.claim.lapsed"
DISPENSE_COMPLETED = "pharmacy.dispense.completed"
MEDICINE_RETURNED = "pharmacy.medicine.returned"
WEBHOOK_ENDPOINT_DISABLED = "pharmacy.webhook_endpoint.disabled"
WEBHOOK_DELIVERY_GIVEN_UP = "pharmacy.webhook_delivery.given_up"

EVENTS = (
    PRESCRIPTION_CLAIMED,
    PRESCRIPTION_RELEASED,
    PRESCRIPTION_REJECTED,
    CLAIM_LAPSED,
    DISPENSE_COMPLETED,
    MEDICINE_RETURNED,
    WEBHOOK_ENDPOINT_DISABLED,
    WEBHOOK_DELIVERY_GIVEN_UP,
)
