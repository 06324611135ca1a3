"""Which tasks follow from which event: the whole asynchronous behaviour on one screen.

Every event has a row; `()` says that nobody follows. Tasks are named, not imported: the relay
sends names.
"""

from backend.accounts import events as accounts
from backend.audit import events as audit
from backend.auditor import events as auditor
from backend.booking import events as booking
from backend.care import events as care
from backend.followups import events as followups
from backend.formulary import events as formulary
from backend.intake import events as intake
from backend.notifications import events as notifications
from backend.pharmacy import events as pharmacy
from backend.prescriptions import events as prescriptions
from backend.records import events as records
from backend.retention import events as retention
from backend.rulebook import events as rulebook
from backend.worklist import events as worklist

FOLLOWUPS = "workers.tasks.followups"
NOTICES = "workers.tasks.notices"
PACKS = "workers.tasks.packs"
TELL_PHARMACIES = "workers.tasks.pharmacy.tell_pharmacies"

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    # the trail: operators hear of it by the log and the metrics
    audit.TRAIL_BROKEN: (),
    auditor.EXPORT_REQUESTED: ("workers.tasks.exports.build",),
    auditor.EXPORT_READY: (),
    # people and time
    accounts.PATIENT_REGISTERED: (),
    accounts.PATIENT_IDENTITY_VERIFIED: (),
    accounts.PATIENT_CONTACT_UPDATED: (),
    accounts.STAFF_MEMBER_DEACTIVATED: (),
    accounts.PHARMACY_DEACTIVATED: (),
    accounts.TEST_CLOCK_ADVANCE_REQUESTED: (f"{FOLLOWUPS}.drain",),
    # visits
    booking.VISIT_CONFIRMED: (f"{NOTICES}.visit_confirmed",),
    booking.VISIT_CANCELLED: (f"{NOTICES}.visit_changed",),
    booking.VISIT_COMPLETED: (),
    booking.VISIT_NO_SHOW: (),
    # answers, consents, facts
    intake.RESPONSE_SUBMITTED: (f"{FOLLOWUPS}.weigh_answers",),
    intake.CONSENT_SIGNED: (),
    intake.CONSENT_WITHDRAWN: (),
    records.PREGNANCY_TEST_NOTED: (f"{FOLLOWUPS}.weigh",),
    records.LAB_RESULT_NOTED: (f"{FOLLOWUPS}.weigh",),
    records.PHQ_SCORE_NOTED: (f"{FOLLOWUPS}.weigh",),
    records.STATEMENT_NOTED: (f"{FOLLOWUPS}.weigh",),
    formulary.LOT_RECALLED: (),
    rulebook.PACK_ACTIVATED: (f"{PACKS}.pack_activated",),
    rulebook.PACK_WITHDRAWN: (f"{PACKS}.pack_withdrawn",),
    # courses and prescriptions
    prescriptions.COURSE_CREATED: (),
    prescriptions.COURSE_STARTED: (f"{FOLLOWUPS}.begin",),
    prescriptions.COURSE_HALTED: (f"{FOLLOWUPS}.stop",),
    prescriptions.COURSE_RESUMED: (f"{FOLLOWUPS}.resume",),
    prescriptions.COURSE_ENDED: (f"{FOLLOWUPS}.end",),
    prescriptions.COURSE_CANCELLED: (),
    prescriptions.PRESCRIPTION_SUBMITTED: (),
    prescriptions.PRESCRIPTION_APPROVED: (TELL_PHARMACIES, f"{NOTICES}.prescription_news"),
    prescriptions.PRESCRIPTION_RETURNED: (),
    prescriptions.PRESCRIPTION_DECLINED: (f"{NOTICES}.prescription_news",),
    prescriptions.PRESCRIPTION_CANCELLED: (),
    prescriptions.PRESCRIPTION_VOIDED: (TELL_PHARMACIES, f"{NOTICES}.prescription_void"),
    prescriptions.PRESCRIPTION_EXPIRED: (TELL_PHARMACIES, f"{NOTICES}.prescription_news"),
    # pharmacies
    pharmacy.PRESCRIPTION_CLAIMED: (),
    pharmacy.PRESCRIPTION_RELEASED: (TELL_PHARMACIES,),
    pharmacy.PRESCRIPTION_REJECTED: (),
    pharmacy.CLAIM_LAPSED: (TELL_PHARMACIES,),
    pharmacy.DISPENSE_COMPLETED: (f"{FOLLOWUPS}.begin",),
    pharmacy.MEDICINE_RETURNED: (),
    pharmacy.WEBHOOK_ENDPOINT_DISABLED: (),
    pharmacy.WEBHOOK_DELIVERY_GIVEN_UP: (),
    # follow-up
    followups.CHECK_IN_OPENED: (),
    followups.CHECK_IN_ANSWERED: (),
    followups.CHECK_IN_MISSED: (),
    followups.SECOND_COURSE_OPENED: (),
    followups.SECOND_COURSE_DECIDED: (),
    followups.URGENT_TASK_OVERDUE: (),
    notifications.NOTIFICATION_UNDELIVERED: (f"{FOLLOWUPS}.review_undelivered",),
    worklist.TASK_OPENED: (),
    # who opened a record in an emergency
    care.EMERGENCY_ACCESS_OPENED: ("workers.tasks.care.alert",),
    care.EMERGENCY_ACCESS_REVIEWED: (),
    # whose record must stay, and whose came to its end
    retention.HOLD_PLACED: (),
    retention.HOLD_LIFTED: (),
    retention.PATIENT_ERASED: (),
}
