"""Reading decisions: who may, what is shown, and that a look leaves an entry."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from backend.prescriptions.models import Decision
from backend.protocol.pack import load
from backend.protocol.version import RULES_VERSION
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    StaffMemberFactory,
)
from tests.factories.prescriptions import (
    NOW,
    DecisionFactory,
    PrescriptionFactory,
    patient_on_doxycycline,
    ready_prescription,
)
from tests.prescriptions.people import do, physician_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved():
    """A prescription that was approved through the API."""
    row = ready_prescription()
    assert do(row, "approve", by=physician_for(row)).status_code == 200
    return row


def shown(who, **filters):
    return [row["id"] for row in Caller(who).get("/v1/decisions", **filters).json()["data"]]


def test_a_decision_shows_what_it_rested_on_and_what_was_said(approved):
    decision = Decision.objects.get()
    approved.refresh_from_db()

    said = Caller(physician_for(approved)).get(f"/v1/decisions/{decision.ref}").json()

    assert said["patient"] == approved.patient.ref
    assert (said["course"], said["prescription"]) == (approved.course.ref, approved.ref)
    assert (said["moment"], said["purpose"]) == ("approve", "prescribe")
    assert (said["decision"], said["pack"]) == ("clear", "jp_house_2026")
    assert said["pack_version"] == load("jp_house_2026").version
    assert said["rules_version"] == RULES_VERSION
    assert said["asked_by"] == approved.decided_by.actor.label
    assert said["asked_at"] == "2026-03-10T03:00:00Z"
    assert said["facts"]["patient"]["weights"] == [{"kg": 52, "on": "2026-03-03"}]
    assert (
        said["facts_sha256"]
        == AuditEntry.objects.get(action="decision.approve").facts["facts_sha256"]
    )
    assert "D-10" in [finding["rule"] for finding in said["findings"]]


def test_findings_come_in_the_readers_language_the_worst_first():
    row = ready_prescription(patient_on_doxycycline(), status="draft", draft=True)
    do(row, "submit", by=physician_for(row))
    path = f"/v1/decisions/{Decision.objects.get().ref}"

    english = Caller(physician_for(row)).get(path).json()["findings"]
    japanese = Caller(physician_for(row), language="ja").get(path).json()["findings"]

    assert (english[0]["rule"], english[0]["level"]) == ("C-11", "block")
    assert english[0]["message"].isascii()
    assert not japanese[0]["message"].isascii()


def test_the_list_shows_no_facts_and_no_findings(approved):
    (row,) = Caller(physician_for(approved)).get("/v1/decisions").json()["data"]

    assert row["id"] == Decision.objects.get().ref
    assert not {"facts", "findings"} & set(row)


def test_the_clinics_people_see_its_decisions_and_no_others(approved):
    PrescriptionFactory(approved=True)  # of another clinic
    mine = [Decision.objects.get(prescription=approved).ref]

    assert shown(physician_for(approved)) == mine
    assert shown(StaffMemberFactory(clinic=approved.clinic)) == mine
    assert shown(AuditorFactory(clinic=approved.clinic)) == mine


def test_patients_pharmacies_and_administrators_do_not_see_them(approved):
    path = f"/v1/decisions/{Decision.objects.get().ref}"
    others = (
        approved.patient,
        ApiClientFactory(pharmacy__clinic=approved.clinic),
        AdministratorFactory(clinic=approved.clinic),
    )

    for who in others:
        assert Caller(who).get(path).status_code == 403
        assert Caller(who).get("/v1/decisions").status_code == 403


def test_a_look_leaves_an_entry(approved):
    decision, physician = Decision.objects.get(), physician_for(approved)

    Caller(physician).get(f"/v1/decisions/{decision.ref}")
    Caller(physician).get("/v1/decisions")

    read, listed = AuditEntry.objects.filter(actor=physician.user.actor.label).order_by("id")
    assert (read.action, read.object_ref) == ("decision.read", decision.ref)
    assert listed.action == "decision.list"
    assert read.patient_ref == listed.patient_ref == approved.patient.ref


@pytest.fixture
def two(approved):
    """The approval, and a hold of an hour later about another patient of the clinic."""
    other = PrescriptionFactory(in_review=True, course__patient__clinic=approved.clinic)
    later = DecisionFactory(
        patient=other.patient,
        course=other.course,
        prescription=other,
        moment="claim",
        purpose="dispense",
        decision="hold",
        pack="uk_mhra_2026",
        pack_version="uk_mhra_2026@1111111111111111",
        asked_at=NOW + timedelta(hours=1),
    )
    return Decision.objects.get(prescription=approved), later


@pytest.mark.parametrize("name", ["patient", "course", "prescription"])
def test_they_are_found_by_what_they_are_about(two, name):
    physician = physician_for(two[0])

    for row in two:
        assert shown(physician, **{name: getattr(row, name).ref}) == [row.ref]
    assert shown(physician, **{name: f"{getattr(row, name).PREFIX}_{'0' * 26}"}) == []


@pytest.mark.parametrize("name", ["moment", "decision", "pack", "pack_version"])
def test_they_are_found_by_what_was_said(two, name):
    physician = physician_for(two[0])

    for row in two:
        assert shown(physician, **{name: getattr(row, name)}) == [row.ref]


def test_they_are_found_by_when_they_were_asked(two):
    first, later = two
    physician = physician_for(first)
    at = later.asked_at.isoformat()

    assert shown(physician, asked_from=at) == [later.ref]
    assert shown(physician, asked_before=at) == [first.ref]
    assert shown(physician, asked_from=first.asked_at.isoformat()) == [later.ref, first.ref]


@pytest.mark.parametrize(
    "bad", [{"moment": "breakfast"}, {"decision": "maybe"}, {"asked_from": "yesterday"}]
)
def test_a_filter_is_asked_in_known_words(approved, bad):
    answer = Caller(physician_for(approved)).get("/v1/decisions", **bad)

    assert answer.status_code == 400


def test_the_newest_come_first_in_pages(two):
    caller = Caller(physician_for(two[0]))

    first = caller.get("/v1/decisions", limit="1").json()
    second = caller.get("/v1/decisions", limit="1", cursor=first["next_cursor"]).json()

    assert [row["id"] for row in first["data"] + second["data"]] == [two[1].ref, two[0].ref]
    assert second["has_more"] is False


def test_a_longer_list_costs_no_more_queries(approved, django_assert_num_queries):
    caller = Caller(physician_for(approved))
    caller.get("/v1/decisions")
    with CaptureQueriesContext(connection) as one:
        caller.get("/v1/decisions")
    queries = len(one)
    DecisionFactory.create_batch(20, patient=approved.patient, prescription=approved)

    with django_assert_num_queries(queries):
        assert len(caller.get("/v1/decisions").json()["data"]) == 21
