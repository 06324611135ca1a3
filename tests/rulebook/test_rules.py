"""Every rule, as a program reads it."""

import pytest

from backend.audit.models import AuditEntry
from backend.protocol.catalogue import catalogue
from tests.callers import Caller
from tests.factories.accounts import PatientFactory, PhysicianFactory, StaffMemberFactory
from tests.protocol.situations import JP, PACKS, US

pytestmark = pytest.mark.django_db
PATH = "/v1/protocol/rules"


def all_of(caller):
    """Every page of the list, one after the other."""
    shown, more = [], {}
    while True:
        page = caller.get(PATH, limit="100", **more).json()
        shown += page["data"]
        if not page["has_more"]:
            return shown
        more = {"cursor": page["next_cursor"]}


def test_the_list_has_every_rule_once_in_bounded_pages():
    caller = Caller(StaffMemberFactory())

    first = caller.get(PATH).json()
    shown = [rule["id"] for rule in all_of(caller)]

    assert (len(first["data"]), first["has_more"]) == (50, True)
    assert shown == sorted(entry.id for entry in catalogue())


def test_a_rule_shows_its_numbers_pack_beside_pack_with_their_sources():
    rules = {rule["id"]: rule for rule in all_of(Caller(PhysicianFactory()))}

    (course,) = rules["D-07"]["numbers"]
    assert (course["name"], course["unit"], course["differs"]) == ("long_course_from", "days", True)
    values = {one["pack"]: one for one in course["values"]}
    assert set(values) == set(PACKS)
    assert (values[JP]["value"], values[US]["value"]) == ("168", "140")
    assert (values[US]["source"], values[US]["confidence"]) == ("D-07; 20 weeks; F15", "H")


def test_a_rule_shows_what_it_answers_needs_and_who_can_change_it():
    rules = {rule["id"]: rule for rule in all_of(Caller(PhysicianFactory()))}

    rule = rules["C-11"]
    assert (rule["section"], rule["asked_at"]) == ("contraindications", ["intake", "prescribe"])
    assert rule["needs"] == {"patient.medicines": "other medicines"}
    taken, washout = rule["answers"]
    assert (taken["levels"], taken["by_pack"]) == (["hold", "block"], True)
    assert washout["remedy"] == "Assess again […] days after the last dose."
    assert washout["remedy_by"] == ["physician"]
    assert rules["P-US-11"]["packs"] == [US]
    assert rules["X-06"]["note"].startswith("A weight, test")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_rule_speaks_the_readers_language(language):
    rule = Caller(PhysicianFactory(), language=language).get(PATH, limit="1").json()["data"][0]

    texts = [rule["name"], rule["answers"][0]["message"], rule["answers"][0]["remedy"]]
    plain = [text.replace("…", "") for text in texts]
    assert [text.isascii() for text in plain] == [language == "en"] * 3


def test_a_look_at_the_rules_leaves_an_entry():
    physician = PhysicianFactory()

    Caller(physician).get(PATH)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_ref) == ("rule.list", "rule")
    assert (entry.actor, entry.patient_ref) == (physician.user.actor.label, None)


def test_patients_are_not_shown_the_rules():
    answer = Caller(PatientFactory()).get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
