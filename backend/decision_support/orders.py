"""Which prescriptions of ours the draft orders of a request name. Reads FHIR, believes nothing."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.conf import settings

from backend.kernel.errors import FieldError, Invalid
from backend.kernel.text import Text

AT = "/context/draftOrders"
MOST_ORDERS = 50
_OURS = "rx_"


def identifier_system() -> str:
    """The `system` under which an Identifier holds one of our prescription ids."""
    return f"{settings.PUBLIC_URL}/v1/prescriptions"


def prescriptions_named(
    bundle: Mapping[str, Any], selections: Collection[str] | None = None
) -> list[str]:
    """The public ids that the MedicationRequests of a Bundle carry, each once, in its order.

    An id is ours by its form, under our `system` or none, or as the resource's own id. Orders of
    anything else are passed over; so are orders beside the `selections`
    (`MedicationRequest/<id>`), where there are any. Raises Invalid (400) with a pointer for what
    is no Bundle of resources, and for an order that names two prescriptions.
    """
    found: dict[str, None] = {}
    for number, resource in enumerate(_resources(bundle)):
        chosen = selections is None or f"MedicationRequest/{resource.get('id')}" in selections
        if resource["resourceType"] == "MedicationRequest" and chosen:
            found |= dict.fromkeys(_one_at_most(resource, f"{AT}/entry/{number}/resource"))
    return list(found)


def _resources(bundle: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if bundle.get("resourceType") != "Bundle":
        raise _wrong(f"{AT}/resourceType", "not_a_bundle", "Bundle ではありません。", "No Bundle.")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise _wrong(f"{AT}/entry", "not_a_list", "配列ではありません。", "Not an array.")
    if len(entries) > MOST_ORDERS:
        ja, en = f"指示は{MOST_ORDERS}件までです。", f"At most {MOST_ORDERS} orders."
        raise _wrong(f"{AT}/entry", "max_length", ja, en)
    for number, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
            where = f"{AT}/entry/{number}/resource"
            raise _wrong(where, "not_a_resource", "FHIR リソースではありません。", "No resource.")
        yield resource


def _one_at_most(order: Mapping[str, Any], where: str) -> list[str]:
    identifiers = order.get("identifier", [])
    if not isinstance(identifiers, list) or not all(isinstance(i, Mapping) for i in identifiers):
        ja, en = "Identifier の配列ではありません。", "Not an array of identifiers."
        raise _wrong(f"{where}/identifier", "not_identifiers", ja, en)
    ours = {None, identifier_system()}
    said = [order.get("id"), *(i.get("value") for i in identifiers if i.get("system") in ours)]
    named = {text for text in said if isinstance(text, str) and text.startswith(_OURS)}
    if len(named) > 1:
        ja, en = "1つの指示に処方が2つあります。", "One order names two prescriptions."
        raise _wrong(where, "ambiguous", ja, en)
    return list(named)


def _wrong(pointer: str, code: str, ja: str, en: str) -> Invalid:
    return Invalid(errors=[FieldError(pointer, code, Text(ja, en))])
