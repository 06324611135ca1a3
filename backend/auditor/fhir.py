"""Entries of the trail as FHIR R4 AuditEvents, as IHE's Basic Audit Log Patterns (BALP) shape them.

An event claims one of BALP's profiles (`meta.profile`) only where all that it asks is known: what
was read, made, changed or searched over HTTP, and was not refused (the profiles fix outcome 0).
Whatever is not a FHIR resource of ours is named by `identifier`, never by `reference`: ids of FHIR
have no underscore. Patients stand there by the trail's pseudonym alone, and nothing that was
sealed about them is shown but which list they were on. Sources: hl7.org/fhir/R4/auditevent.html,
profiles.ihe.net/ITI/BALP.
"""

import base64
from typing import Any

from django.conf import settings

from backend.audit.models import Outcome
from backend.audit.read import OpenedEntry
from backend.audit.record import instant
from backend.auditor.words import Act, Kind, act_of
from backend.kernel.actor import Role
from backend.kernel.ids import public_id
from backend.origin import EMERGENCY

Json = dict[str, Any]

OURS = f"https://{settings.AUDIT_ORIGIN}"
"""What our own codes and identifiers begin with: the log's name outlives the address."""
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
HL7 = "http://terminology.hl7.org/CodeSystem"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
BALP = "https://profiles.ihe.net/ITI/BALP"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

_MACHINES = (Role.JOB.value, Role.PHARMACY_CLIENT.value)
_ACTIONS = {Kind.READ: "R", Kind.CREATE: "C", Kind.UPDATE: "U", Kind.DELETE: "D"}  # else: executed
_INTERACTIONS = {
    Kind.READ: "read",
    Kind.SEARCH: "search-type",
    Kind.CREATE: "create",
    Kind.UPDATE: "update",
    Kind.DELETE: "delete",
    Kind.EXECUTE: "operation",
}
_SIGN_IN = {Kind.LOGIN: ("110122", "Login"), Kind.LOGOUT: ("110123", "Logout")}
_PROFILES = {
    Kind.READ: "Read",
    Kind.SEARCH: "Query",
    Kind.CREATE: "Create",
    Kind.UPDATE: "Update",
}
PURPOSES = {"treatment": ("TREAT", "treatment"), EMERGENCY: ("BTG", "break the glass")}


def audit_event(opened: OpenedEntry) -> Json:
    """The AuditEvent of an entry, as JSON. Its id is the entry's number."""
    entry, act = opened.entry, act_of(opened.entry.action)
    query = _query(opened) if act.kind is Kind.SEARCH else None
    is_refused = entry.outcome == Outcome.REFUSED
    event: Json = {
        "resourceType": "AuditEvent",
        "id": str(entry.id),
        "extension": [{"url": f"{OURS}/leaf", "valueString": bytes(entry.leaf).hex()}],
        "type": _type(opened, act.kind),
        "subtype": _subtypes(opened, act),
        "action": _ACTIONS.get(act.kind, "E"),
        "period": {"start": instant(entry.at), "end": instant(entry.at)},
        "recorded": instant(entry.recorded_at),
        "outcome": "4" if is_refused else "0",
        "purposeOfEvent": _purpose(opened),
        "agent": _agents(opened, act.kind),
        "source": _source(opened),
        "entity": _entities(opened, query),
    }
    if is_refused:
        event["outcomeDesc"] = str((opened.facts or {}).get("code") or "refused")
    if profile := _profile(opened, act.kind, query):
        event["meta"] = {"profile": [profile]}
    return {name: value for name, value in event.items() if value}


def _profile(opened: OpenedEntry, kind: Kind, query: str | None) -> str | None:
    entry, name = opened.entry, _PROFILES.get(kind)
    is_known = name is not None and (kind is not Kind.SEARCH or query is not None)
    if not is_known or entry.outcome != Outcome.DONE or entry.actor_role == Role.JOB:
        return None
    about = "Patient" if entry.pseudonym else ""
    return f"{BALP}/StructureDefinition/IHE.BasicAudit.{about}{name}"


def _type(opened: OpenedEntry, kind: Kind) -> Json:
    if kind in _SIGN_IN:
        return _coding(DICOM, "110114", "User Authentication")
    if opened.entry.actor_role == Role.JOB:  # nobody asked over HTTP
        return _coding(DICOM, "110100", "Application Activity")
    return _coding(f"{HL7}/audit-event-type", "rest", "RESTful Operation")


def _subtypes(opened: OpenedEntry, act: Act) -> list[Json]:
    """What it is to the standard, and what we call it."""
    own = _coding(f"{OURS}/action", opened.entry.action, act.words.en)
    if act.kind in _SIGN_IN:
        return [_coding(DICOM, *_SIGN_IN[act.kind]), own]
    if opened.entry.actor_role == Role.JOB:
        return [own]
    code = _INTERACTIONS[act.kind]
    return [_coding(RESTFUL, code, code), own]


def _purpose(opened: OpenedEntry) -> list[Json]:
    """Out of the sealed bytes: no column repeats it."""
    code = PURPOSES.get(str(opened.entry.content.get("purpose")))
    return [_concept(f"{HL7}/v3-ActReason", *code)] if code else []


def _agents(opened: OpenedEntry, kind: Kind) -> list[Json]:
    """The program that asked, the service, and the person, if there was one.

    What is read flows from the service (DICOM's source) to the program; all else the other way.
    """
    sides = [("110153", "Source Role ID"), ("110152", "Destination Role ID")]
    asking, asked = reversed(sides) if kind is Kind.READ else sides
    entry = opened.entry
    client: Json = {
        "type": _concept(DICOM, *asking),
        "who": _absent("unknown"),
        "requestor": False,
        "network": _absent("not-applicable" if entry.actor_role == Role.JOB else "unknown"),
    }
    server: Json = {
        "type": _concept(DICOM, *asked),
        "who": _named("log", settings.AUDIT_ORIGIN),
        "requestor": False,
        "network": {"address": settings.PUBLIC_URL, "type": "5"},  # a URI
    }
    who = {
        "role": [_concept(f"{OURS}/role", entry.actor_role)],
        "who": _named("actor", entry.actor),
        "requestor": True,
        "purposeOfUse": _purpose(opened),
    }
    who = {name: value for name, value in who.items() if value}
    if entry.actor_role in _MACHINES:
        return [client | who, server]
    taking = ("IRCP", "information recipient"), ("AUT", "author (originator)")
    kind_of_person = taking[0] if kind in (Kind.READ, Kind.SEARCH) else taking[1]
    person = {"type": _concept(f"{HL7}/v3-ParticipationType", *kind_of_person), **who}
    return [client, server, person]


def _source(opened: OpenedEntry) -> Json:
    """Who recorded it: we, and for which clinic."""
    clinic_id = opened.entry.clinic_id
    return {
        "site": public_id("cl", clinic_id) if clinic_id else settings.AUDIT_ORIGIN,
        "observer": _named("log", settings.AUDIT_ORIGIN),
        "type": [_coding(f"{HL7}/security-source-type", "4", "Application Server")],
    }


def _entities(opened: OpenedEntry, query: str | None) -> list[Json]:
    entry = opened.entry
    found: list[Json] = [_searched(query) if query is not None else _thing(opened)]
    if entry.pseudonym:
        patient = {
            "what": {"type": "Patient", **_named("pseudonym", entry.pseudonym)},
            "type": _coding(f"{HL7}/audit-entity-type", "1", "Person"),
            "role": _coding(f"{HL7}/object-role", "1", "Patient"),
        }
        found.append(patient)
    if entry.request_id not in ("", "none"):
        request = {
            "what": _named("request", entry.request_id),
            "type": _coding(f"{BALP}/CodeSystem/BasicAuditEntityType", "XrequestId"),
        }
        found.append(request)
    return found


def _thing(opened: OpenedEntry) -> Json:
    entry = opened.entry
    system = "pseudonym" if entry.object_ref == entry.pseudonym else "object"
    return {
        "what": _named(system, entry.object_ref),
        "type": _coding(f"{HL7}/audit-entity-type", "2", "System Object"),
        "role": _coding(f"{HL7}/object-role", "4", "Domain Resource"),
    }


def _searched(query: str) -> Json:
    return {
        "type": _coding(f"{HL7}/audit-entity-type", "2", "System Object"),
        "role": _coding(f"{HL7}/object-role", "24", "Query"),
        "query": base64.b64encode(query.encode()).decode(),
    }


def _query(opened: OpenedEntry) -> str | None:
    """Which list it was: sealed with the entry, so that it is known while the key exists."""
    path = (opened.facts or {}).get("list")
    return f"GET {path}" if isinstance(path, str) else None


def _named(system: str, value: str) -> Json:
    return {"identifier": {"system": f"{OURS}/{system}", "value": value}}


def _absent(reason: str) -> Json:
    return {"extension": [{"url": ABSENT, "valueCode": reason}]}


def _coding(system: str, code: str, display: str = "") -> Json:
    coding = {"system": system, "code": code}
    return coding | {"display": display} if display else coding


def _concept(system: str, code: str, display: str = "") -> Json:
    return {"coding": [_coding(system, code, display)]}
