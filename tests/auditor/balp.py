"""What IHE's Basic Audit Log Patterns ask of an event that claims one of their profiles.

Written down from the profiles' own definitions (IHE.BasicAudit.Read, Query, Create, Update and
their Patient forms): every required element and every fixed code.
"""

from typing import Any

Event = dict[str, Any]

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
HL7 = "http://terminology.hl7.org/CodeSystem"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
SOURCE, DESTINATION = "110153", "110152"
# action, codes of the interaction, the program's side, the service's side, what a person may be
ASKED = {
    "Read": ("R", {"read", "vread"}, DESTINATION, SOURCE, {"IRCP"}),
    "Query": (
        "E",
        {"search", "search-type", "search-system"},
        SOURCE,
        DESTINATION,
        {"IRCP"},
    ),
    "Create": ("C", {"create"}, SOURCE, DESTINATION, {"AUT", "INF", "CST"}),
    "Update": ("U", {"update", "patch"}, SOURCE, DESTINATION, {"AUT", "INF", "CST"}),
}
OBJECT_ROLES = {"4", "3", "20"}


def claimed(event: Event) -> str | None:
    """The profile that an event says it keeps to: `PatientRead`."""
    profiles = event.get("meta", {}).get("profile", [])
    return profiles[0].removeprefix(PROFILE) if profiles else None


def lacking(event: Event) -> list[str]:
    """Which demands of its profile an event does not meet; none where it claims none."""
    name = claimed(event)
    if name is None:
        return []
    action, interactions, asking, asked, persons = ASKED[name.removeprefix("Patient")]
    found = {
        "type": _code(event["type"]) == (f"{HL7}/audit-event-type", "rest"),
        "subtype": any(
            _code(one) in {(RESTFUL, i) for i in interactions} for one in event["subtype"]
        ),
        "action": event["action"] == action,
        "recorded": bool(event["recorded"]),
        "outcome": event["outcome"] == "0",
        "source": bool(event["source"]["observer"]),
        "client": _is_network(_agents(event, DICOM, {asking})),
        "server": _is_network(_agents(event, DICOM, {asked})),
        "user": _is_person(_agents(event, f"{HL7}/v3-ParticipationType", persons), event),
        "transaction": all(one["what"]["identifier"]["value"] for one in _of(event, "XrequestId")),
    }
    found |= _query(event) if name.endswith("Query") else _data(event)
    if name.startswith("Patient"):
        found |= {"patient": _is_patient(_of(event, "1"))}
    return [what for what, is_met in found.items() if not is_met]


def _code(coding: Event) -> tuple[str, str]:
    return coding["system"], coding["code"]


def _agents(event: Event, system: str, codes: set[str]) -> list[Event]:
    wanted = {(system, code) for code in codes}
    return [a for a in event["agent"] if wanted & set(map(_code, a["type"]["coding"]))]


def _is_network(agents: list[Event]) -> bool:
    return len(agents) == 1 and bool(agents[0].get("who")) and bool(agents[0].get("network"))


def _is_person(agents: list[Event], event: Event) -> bool:
    """Nobody, or one who asked, is no network device, and says who and for what purpose."""
    if not agents:
        return len(event["agent"]) == 2
    (one,) = agents
    says = bool(one["who"]) and one["requestor"] is True and bool(one["purposeOfUse"])
    return says and "network" not in one and "media" not in one


def _of(event: Event, code: str) -> list[Event]:
    return [one for one in event["entity"] if one["type"]["code"] == code]


def _data(event: Event) -> dict[str, bool]:
    things = _of(event, "2")
    is_one = len(things) == 1 and bool(things[0].get("what"))
    return {"data": is_one and things[0]["role"]["code"] in OBJECT_ROLES}


def _query(event: Event) -> dict[str, bool]:
    things = _of(event, "2")
    is_one = len(things) == 1 and things[0]["role"]["code"] == "24" and bool(things[0].get("query"))
    return {"query": is_one and not {"what", "lifecycle", "detail"} & set(things[0])}


def _is_patient(people: list[Event]) -> bool:
    if len(people) != 1:
        return False
    (one,) = people
    is_role = _code(one["role"]) == (f"{HL7}/object-role", "1")
    return is_role and one["what"]["type"] == "Patient" and bool(one["what"]["identifier"]["value"])
