"""What accounts announces. Payloads: `api_schema/events/<event>.json`."""

PATIENT_REGISTERED = "accounts.patient.registered"
PATIENT_IDENTITY_VERIFIED = "accounts.patient.identity_verified"
PATIENT_CONTACT_UPDATED = "accounts.patient.contact_updated"
STAFF_MEMBER_DEACTIVATED = "accounts.staff_member.deactivated"
PHARMACY_DEACTIVATED = "accounts.pharmacy.deactivated"
TEST_CLOCK_ADVANCE_REQUESTED = "accounts.test_clock.advance_requested"
EVENTS = (
    PATIENT_REGISTERED,
    PATIENT_IDENTITY_VERIFIED,
    PATIENT_CONTACT_UPDATED,
    STAFF_MEMBER_DEACTIVATED,
    PHARMACY_DEACTIVATED,
    TEST_CLOCK_ADVANCE_REQUESTED,
)
