"""Every page of the service: where it is, who looks at it, and on what.

A new page gets a line in PAGES and is then looked at in both languages and both schemes. What is
not a page (a fragment, a file, a document for machines) gets a line in NOT_PAGES with the reason.
tests/browser/test_every_page_is_listed.py fails for a route that is in neither.
"""

from typing import Any

from tests.browser.account_pages import ACCOUNT_PAGES, NOT_ACCOUNT_PAGES
from tests.browser.devices import DESK, PHONE
from tests.browser.house import NOBODY
from tests.browser.listed import Address, Listed
from tests.browser.listed import at as _at


def _patients(name: str, route: str, *parameters: str, **how: Any) -> Listed:
    """A page of the patient's app, which is read without script too."""
    how = {"without_script": True, "address": _at(route, *parameters), **how}
    return Listed(f"patient-{name}", route, "patient", PHONE, **how)


def _beginners(name: str, route: str, **how: Any) -> Listed:
    """A page of the patient's app as it is before the first visit."""
    return Listed(f"patient-{name}", route, "beginner", PHONE, **how)


def _physicians(name: str, route: str, *parameters: str, **how: Any) -> Listed:
    """A page of the physician's dashboard."""
    how = {"address": _at(route, *parameters), **how}
    return Listed(f"physician-{name}", route, "physician", DESK, **how)


_REVIEW = "physician/prescriptions/<str:prescription_id>"


def _in_review(more: str) -> Address:
    """The review of the house's prescription that waits for one."""
    return lambda house: f"/physician/prescriptions/{house.prescription('in_review')}{more}"


PAGES: tuple[Listed, ...] = (
    Listed("rules", "rules", "physician", DESK, lambda _: "/rules?section=checkin"),
    Listed("rules-on-a-phone", "rules", "staff", PHONE, lambda _: "/rules?section=checkin"),
    Listed("rules-signed-out", "rules", NOBODY, PHONE, status=401, without_script=True),
    Listed("rules-refused", "rules", "patient", PHONE, status=403),
    Listed("front", "", NOBODY, PHONE, without_script=True),
    Listed("front-at-a-desk", "", NOBODY, DESK),
    Listed("design", "design", NOBODY, DESK),
    Listed("design-on-a-phone", "design", NOBODY, PHONE),
    _patients("home", "me/"),
    _patients("slots", "me/slots"),
    _patients("visits", "me/visits"),
    _patients("visit", "me/visits/<str:visit_id>", "visit_id"),
    _patients("intake", "me/intake"),
    _patients(
        "intake-section",
        "me/intake/<str:section_id>",
        address=_at("me/intake/<str:section_id>", section_id="skin"),
    ),
    _patients("intake-review", "me/intake/review"),
    _patients("intake-result", "me/intake/result/<str:response_id>", "response_id"),
    _patients("consents", "me/consents"),
    _patients("consent-signed", "me/consents/signed/<str:signature_id>", "signature_id"),
    Listed("patient-welcome", "me/welcome", "newcomer", PHONE, without_script=True),
    _beginners(
        "visit-held",
        "me/visits/<str:visit_id>",
        address=lambda house: f"/me/visits/{house.held.ref}",
        without_script=True,
    ),
    _beginners(
        "visit-booked",
        "me/visits/<str:visit_id>",
        address=lambda house: f"/me/visits/{house.booked.ref}",
    ),
    _beginners(
        "visit-open",
        "me/visits/<str:visit_id>",
        address=lambda house: f"/me/visits/{house.open.ref}",
    ),
    _beginners("intake-begun", "me/intake"),
    *(
        _beginners(
            f"intake-{section}",
            "me/intake/<str:section_id>",
            address=_at("me/intake/<str:section_id>", section_id=section),
        )
        for section in ("health", "medicines", "pregnancy", "under_18", "mood")
    ),
    _beginners("intake-review-begun", "me/intake/review"),
    _beginners("consents-to-sign", "me/consents"),
    *(
        _beginners(
            f"consent-{code}",
            "me/consents/<str:document_id>",
            address=_at("me/consents/<str:document_id>", document_id=f"jp_{code}_2026_1"),
            without_script=code == "disclosures",
        )
        for code in ("treatment", "disclosures")
    ),
    _patients("check-ins", "me/check-ins"),
    _patients("check-in-now", "me/check-ins/now"),
    _patients("check-in", "me/check-ins/<str:check_in_id>", "check_in_id"),
    _patients("course", "me/course"),
    _patients("record-accesses", "me/record-accesses"),
    _patients("offline", "me/offline"),
    _physicians("queue", "physician/"),
    _physicians("calendar", "physician/calendar"),
    _physicians("course", "physician/courses/<str:course_id>", "course_id"),
    _physicians("prescribe", "physician/courses/<str:course_id>/prescribe", "course_id"),
    _physicians("patients", "physician/patients"),
    _physicians("patient", "physician/patients/<str:patient_id>", "patient_id"),
    _physicians("draft", "physician/prescriptions/<str:prescription_id>/draft", "prescription_id"),
    _physicians("review", _REVIEW, address=_in_review("")),
    _physicians(
        "review-decline",
        _REVIEW,
        address=_in_review("?open=decline"),
        forgiven={"keyboard": "the dialog opens with the focus seen in its first field already"},
    ),
    _physicians("review-panels", f"{_REVIEW}/panels", address=_in_review("/panels")),
    _physicians("tasks", "physician/tasks"),
    _physicians("task", "physician/tasks/<str:task_id>", "task_id"),
    _physicians("visit", "physician/visits/<str:visit_id>", "visit_id"),
    Listed("sandbox", "sandbox", "administrator", DESK),
    Listed(
        "sandbox-clock",
        "sandbox/clocks/<str:clock_id>",
        "administrator",
        PHONE,
        _at("sandbox/clocks/<str:clock_id>", "clock_id"),
    ),
    Listed(
        "sandbox-move",
        "sandbox/clocks/<str:clock_id>/move",
        "administrator",
        PHONE,
        _at("sandbox/clocks/<str:clock_id>/move", "clock_id"),
    ),
    Listed("trail", "audit-trail/", "auditor", DESK),
    Listed(
        "trail-entry",
        "audit-trail/entries/<str:entry_id>",
        "auditor",
        DESK,
        _at("audit-trail/entries/<str:entry_id>", "entry_id"),
    ),
    Listed("trail-exports", "audit-trail/exports", "auditor", DESK),
    *ACCOUNT_PAGES,
)

NOT_PAGES: dict[str, str] = {
    "healthz": "JSON, for a load balancer",
    "readyz": "JSON, for a load balancer",
    "metrics": "text, for Prometheus alone",
    "reference": "Swagger UI draws it: a script of 1 MB, English, for developers of clients",
    "audit/checkpoint": "the signed checkpoint, for witnesses",
    "audit/vkey": "the log's key, for witnesses",
    "audit/tile/<path:place>": "tiles of the log, for monitors",
    "cds-services": "CDS Hooks discovery, JSON",
    "language": "keeps the chosen language and leads back",
    "me/manifest.webmanifest": "the installed app's name and icons, JSON",
    "me/worker.js": "the service worker, a script",
    "home": "leads on to the reader's own pages and shows nothing",
    "me/visits/<str:visit_id>/join": "leads on to the video",
    "physician/visits/<str:visit_id>/join": "leads on to the video",
    "physician/glass": "takes a form, and leads back when it is opened",
    "physician/glass/<str:emergency_access_id>/end": "takes a form, and leads back",
    "physician/prescriptions/<str:prescription_id>/next": "leads on to the next in the queue",
    "physician/queue": "leads on, or is a fragment of the queue",
    "physician/urgent": "the banner of urgent tasks, a fragment of every page",
    **NOT_ACCOUNT_PAGES,
}
