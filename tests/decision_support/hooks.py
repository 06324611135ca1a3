"""Calling a CDS service as an EHR would: camelCase, a Bundle, no Idempotency-Key."""

import json
from typing import Any

from backend.accounts.models import StaffMember
from tests.callers import Caller

INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
SIGN = "order-sign"


def order(*, ref=None, system=None, resource_id="draft-1", kind="MedicationRequest", **more):
    """A draft order; `ref`: one of our prescription ids as an identifier."""
    resource: dict[str, Any] = {"resourceType": kind, "id": resource_id, "status": "draft", **more}
    if ref is not None:
        resource["identifier"] = [{"value": ref, **({"system": system} if system else {})}]
    return resource


def bundle(*orders):
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in orders]}


def request_for(physician, patient, *orders, hook=SIGN, **context):
    """The body of a call about these orders."""
    return {
        "hook": hook,
        "hookInstance": INSTANCE,
        "context": {
            "userId": f"Practitioner/{physician.ref}",
            "patientId": patient.ref,
            "draftOrders": bundle(*orders),
            **context,
        },
    }


def send(who, body, *, hook=SIGN, language="en"):
    """POST a body to the service of a hook, with the headers that an EHR sends."""
    caller = Caller(who, language=language)
    return caller.client.generic(
        "POST",
        f"/cds-services/isotretinoin-{hook}",
        json.dumps(body),
        content_type="application/json",
        HTTP_ACCEPT_LANGUAGE=language,
    )


def author_of(row) -> StaffMember:
    """Who drafted it: a physician who treats the patient."""
    return row.created_by.staff_member


def about(row, *orders, by=None, **context):
    """A call of order-sign about these orders of the prescription's patient."""
    by = by or author_of(row)
    return send(by, request_for(by, row.patient, *orders, **context))


def cards(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["cards"]


def cards_about(row, physician, *, language="en"):
    """The cards of order-sign about one prescription."""
    body = request_for(physician, row.patient, order(ref=row.ref))
    return cards(send(physician, body, language=language))
