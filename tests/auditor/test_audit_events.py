"""The trail as FHIR AuditEvents: valid for FHIR, and true to IHE's patterns where they claim it."""

import base64
import json
import re
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from fhir.resources.R4B.auditevent import AuditEvent

from backend import clock
from backend.api.entries import Target
from backend.audit.keys import pseudonym_of
from backend.audit.models import AuditEntry, Outcome
from backend.audit.read import opened
from backend.audit.record import record
from backend.auditor import event_lines as lines
from backend.auditor.event_lines import event_lines
from backend.auditor.fhir import PURPOSES, audit_event
from backend.auditor.views import events
from backend.auditor.words import Kind, _file, act_of
from backend.kernel.actor import Actor, Role, job
from backend.origin import acting_for
from tests.audit.past_guards import destroy_key
from tests.auditor.balp import claimed, lacking
from tests.callers import Caller
from tests.factories.accounts import (
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
)
from tests.laws.test_every_action_has_words import all_actions

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
BY = Actor(Role.PHYSICIAN, "physician:usr_01hqxv5y2k8m3n4p5q6r7s8t9v")
CLIENT = Actor(Role.PHARMACY_CLIENT, "pharmacy_client:cli_01hqxv5y2k8m3n4p5q6r7s8t9v")
PATH = "/v1/audit_events"


def entry(action="lab_result.read", *, on=None, by=BY, outcome=Outcome.DONE, facts=None):
    with transaction.atomic(), acting_for("req_0123456789abcdef"):
        on = on or Target("rx_01hqxv5y2k8m3n4p5q6r7s8t9v")
        return record(action, on=on, by=by, at=AT, outcome=outcome, facts=facts)


def event_of(row):
    (one,) = opened([AuditEntry.objects.get(id=row.id)])
    return audit_event(one)


def downloaded(who, **asked):
    answer = Caller(who).get(PATH, **asked)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/fhir+ndjson"
    return [json.loads(line) for line in answer.content.splitlines()]


@pytest.mark.parametrize("by", [BY, CLIENT, job("followups")], ids=lambda by: str(by.role))
def test_every_action_is_an_event_that_fhir_and_its_profile_accept(by):
    patient, kinds = PatientFactory(), set()
    for action in sorted(all_actions()):
        for on in (None, patient):
            facts = {"list": "/v1/patients"} if act_of(action).kind is Kind.SEARCH else None
            event = event_of(entry(action, on=on, by=by, facts=facts))

            assert AuditEvent.model_validate(event).id == event["id"], action
            assert lacking(event) == [], (action, event)
            kinds.add(act_of(action).kind)
    assert kinds >= set(Kind) - {Kind.DELETE}


@pytest.mark.parametrize("action", sorted(all_actions()))
def test_a_refusal_claims_no_profile_because_they_are_of_what_was_done(action):
    facts = {"code": "not_permitted", "status": "403"}

    event = event_of(entry(action, outcome=Outcome.REFUSED, facts=facts))

    assert AuditEvent.model_validate(event)
    assert claimed(event) is None
    assert (event["outcome"], event["outcomeDesc"]) == ("4", "not_permitted")


@pytest.mark.parametrize(
    ("action", "facts", "profile"),
    [
        ("lab_result.read", None, "PatientRead"),
        ("patient.list", {"list": "/v1/patients"}, "PatientQuery"),
        ("patient.list", None, None),  # which list it was is not known
        ("weight.note", None, "PatientCreate"),
        ("prescription.approve", None, "PatientUpdate"),
        ("assessment.assess", None, None),  # an operation has no profile
        ("user.sign_in", None, None),
    ],
)
def test_a_profile_is_claimed_where_all_that_it_asks_is_known(action, facts, profile):
    event = event_of(entry(action, on=PatientFactory(), facts=facts))

    assert claimed(event) == profile
    assert lacking(event) == []


def test_about_nobody_the_profile_is_the_one_without_a_patient():
    event = event_of(entry("product.read"))

    assert claimed(event) == "Read"
    assert "Person" not in json.dumps(event)


def test_an_act_of_ours_that_nobody_asked_for_is_no_restful_operation():
    event = event_of(entry("notification.send", by=job("notices")))

    assert event["type"]["code"] == "110100"
    assert claimed(event) is None
    assert [agent["requestor"] for agent in event["agent"]] == [True, False]


def test_an_event_says_who_what_when_and_why():
    patient = PatientFactory()
    row = entry("lab_result.read", on=Target("lab_x", Target(patient.ref)))

    event = event_of(row)

    assert (event["id"], event["action"], event["outcome"]) == (str(row.id), "R", "0")
    assert event["period"]["start"] == "2026-03-10T12:00:00.000000Z"
    assert [one["code"] for one in event["subtype"]] == ["read", "lab_result.read"]
    person = event["agent"][2]
    assert person["who"]["identifier"]["value"] == BY.label
    assert person["role"][0]["coding"][0]["code"] == "physician"
    assert person["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"
    assert event["purposeOfEvent"] == person["purposeOfUse"]
    values = [one["what"]["identifier"]["value"] for one in event["entity"]]
    assert values == ["lab_x", pseudonym_of(patient.ref), "req_0123456789abcdef"]
    assert event["extension"][0]["valueString"] == bytes(row.leaf).hex()


def test_broken_glass_is_its_own_purpose():
    with transaction.atomic(), acting_for("req_1", purpose="emergency"):
        row = record("lab_result.read", on=PatientFactory(), by=BY, at=AT)

    assert event_of(row)["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"


def test_every_purpose_has_a_code():
    assert set(PURPOSES) == set(_file()["purposes"])


def test_the_list_that_a_patient_was_on_is_the_query():
    row = entry("patient.list", on=PatientFactory(), facts={"list": "/v1/patients"})

    query = event_of(row)["entity"][0]["query"]

    assert base64.b64decode(query) == b"GET /v1/patients"


def test_a_patient_is_a_pseudonym_and_nothing_sealed_is_told():
    patient = PatientFactory(name="水田 花子")
    row = entry("patient.update_contact", on=patient, facts={"reason": "sealed-reason"})

    text = json.dumps(event_of(row), ensure_ascii=False)

    assert pseudonym_of(patient.ref) in text
    for secret in (patient.ref, patient.user.ref, patient.name, patient.user.email, "sealed-"):
        assert secret not in text


def test_once_the_key_is_destroyed_an_event_is_as_good_and_tells_no_list():
    patient = PatientFactory()
    row = entry("patient.list", on=patient, facts={"list": "/v1/patients"})
    with transaction.atomic():
        destroy_key(patient.ref, at=clock.now())

    event = event_of(row)

    assert AuditEvent.model_validate(event)
    assert (claimed(event), "query" in json.dumps(event)) == (None, False)
    assert {one["type"]["code"] for one in event["entity"]} == {"2", "1", "XrequestId"}


def test_ids_are_those_of_fhir_and_nothing_is_referred_to_by_one():
    event = event_of(entry("lab_result.read", on=PatientFactory()))

    assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", event["id"])
    assert '"reference"' not in json.dumps(event)


def test_an_auditor_downloads_the_clinics_events_in_order_and_no_other_clinics():
    patient, elsewhere = PatientFactory(), PatientFactory()
    physician = PhysicianFactory(clinic=patient.clinic).user.actor
    rows = [entry(on=patient, by=physician) for _ in range(3)]
    entry(on=elsewhere, by=PhysicianFactory(clinic=elsewhere.clinic).user.actor)

    found = downloaded(AuditorFactory(clinic=patient.clinic))

    assert [event["id"] for event in found] == [str(row.id) for row in rows]


def test_the_filters_are_those_of_the_entries():
    patient = PatientFactory()
    other = PatientFactory(clinic=patient.clinic)
    auditor, by = AuditorFactory(clinic=patient.clinic), PhysicianFactory(clinic=patient.clinic)
    one, _ = entry(on=patient), entry(on=other)
    approved = entry("prescription.approve", on=other, by=by.user.actor)

    def ids(**asked):
        return [event["id"] for event in downloaded(auditor, **asked)]

    assert ids(patient=patient.ref, action="lab_result.read") == [str(one.id)]
    assert ids(actor=by.user.actor.label) == [str(approved.id)]
    assert ids(action_prefix="prescription.") == [str(approved.id)]
    assert ids(at_from="2026-03-10T12:00:01Z", action="lab_result.read") == []


def test_a_download_leaves_an_entry_for_each_patient_in_it():
    patient = PatientFactory()
    other = PatientFactory(clinic=patient.clinic)
    entry(on=patient), entry(on=patient), entry(on=other)

    downloaded(AuditorFactory(clinic=patient.clinic), action="lab_result.read")

    looks = AuditEntry.objects.filter(action="audit_event.download")
    assert sorted(look.patient_ref for look in looks) == sorted([patient.ref, other.ref])


def test_an_empty_download_leaves_one_entry():
    assert downloaded(AuditorFactory()) == []

    assert AuditEntry.objects.get().action == "audit_event.download"


@pytest.mark.parametrize("who", [PatientFactory, PhysicianFactory, ApiClientFactory])
def test_nobody_but_auditors_downloads_events(who):
    answer = Caller(who()).get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize("asked", [{"limit": "5"}, {"cursor": "x"}, {"at_from": "today"}], ids=str)
def test_it_takes_declared_parameters_only(asked):
    assert Caller(AuditorFactory()).get(PATH, **asked).status_code == 400


def test_too_many_events_are_refused_before_the_first_line(monkeypatch):
    patient = PatientFactory()
    auditor = AuditorFactory(clinic=patient.clinic)
    entry(on=patient), entry(on=patient)
    monkeypatch.setattr(events, "MOST_RECORDS", 1)

    refused = Caller(auditor).get(PATH, patient=patient.ref)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "too_many_events"


def test_some_hundred_are_held_at_a_time(monkeypatch):
    monkeypatch.setattr(lines, "AT_ONCE", 10)
    patient = PatientFactory()
    with transaction.atomic():
        for _ in range(25):
            record("lab_result.read", on=patient, by=BY, at=AT)
    rows = AuditEntry.objects.filter(action="lab_result.read")

    with CaptureQueriesContext(connection) as queries:
        pieces = list(event_lines(rows))

    assert [piece.count(b"\n") for piece in pieces] == [10, 10, 5]
    assert len(queries) == 7  # rows and keys of three, and the look that finds no more


def test_what_was_altered_behind_the_triggers_back_does_not_stop_the_rest():
    patient = PatientFactory()
    bad = entry("patient.list", on=patient, facts={"list": "/v1/patients"})
    entry("lab_result.read", on=patient)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_is_append_only")
        cursor.execute(
            "UPDATE audit_auditentry SET sealed_facts = %s WHERE id = %s", [bytes(40), bad.id]
        )
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER audit_is_append_only")

    found = downloaded(AuditorFactory(clinic=patient.clinic), patient=patient.ref)

    assert found[0]["id"] == str(bad.id)
    assert len(found) == 2
