"""What retention announces. Payloads: `api_schema/events/<event>.json`."""

HOLD_PLACED = "retention.legal_hold.placed"
HOLD_LIFTED = "retention.legal_hold.lifted"
PATIENT_ERASED = "retention.patient.erased"
EVENTS = (HOLD_PLACED, HOLD_LIFTED, PATIENT_ERASED)
