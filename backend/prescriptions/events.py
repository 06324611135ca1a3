"""What the app announces."""

COURSE_CREATED = "prescriptions.course.created"
COURSE_STARTED = "prescriptions.course.started"
COURSE_HALTED = "prescriptions.course.halted"
COURSE_RESUMED = "prescriptions.course.resumed"
COURSE_ENDED = "prescriptions.course.ended"
COURSE_CANCELLED = "prescriptions.course.cancelled"
PRESCRIPTION_SUBMITTED = "prescriptions.prescription.submitted"
PRESCRIPTION_APPROVED = "prescriptions.prescription.approved"
PRESCRIPTION_RETURNED = "prescriptions.prescription.returned"
PRESCRIPTION_DECLINED = "prescriptions.prescription.declined"
PRESCRIPTION_CANCELLED = "prescriptions.prescription.cancelled"
PRESCRIPTION_VOIDED = "prescriptions.prescription.voided"
PRESCRIPTION_EXPIRED = "prescriptions.prescription.expired"

EVENTS = (
    COURSE_CREATED,
    COURSE_STARTED,
    COURSE_HALTED,
    COURSE_RESUMED,
    COURSE_ENDED,
    COURSE_CANCELLED,
    PRESCRIPTION_SUBMITTED,
    PRESCRIPTION_APPROVED,
    PRESCRIPTION_RETURNED,
    PRESCRIPTION_DECLINED,
    PRESCRIPTION_CANCELLED,
    PRESCRIPTION_VOIDED,
    PRESCRIPTION_EXPIRED,
)
