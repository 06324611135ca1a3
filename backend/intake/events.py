"""What intake announces: ids only, never an answer."""

RESPONSE_SUBMITTED = "intake.response.submitted"
CONSENT_SIGNED = "intake.consent.signed"
CONSENT_WITHDRAWN = "intake.consent.withdrawn"

EVENTS = (RESPONSE_SUBMITTED, CONSENT_SIGNED, CONSENT_WITHDRAWN)
