"""What-if questions: facts in, decision out, nothing kept but that it was asked."""

import json

import pytest
from django.apps import apps

from backend.accounts.keys import key_hash, key_prefix, new_key
from backend.audit.models import AuditEntry
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    ApiClientFactory,
    AuditorFactory,
    PatientFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.protocol.situations import NOW, PACKS, WOMAN, given

pytestmark = pytest.mark.django_db
PATH = "/v1/protocol/assessments"


def question(changes=None, *, unset=(), **more):
    """A first prescription with everything in place, but for the changes."""
    asked = {
        "pack": "jp_house_2026",
        "purpose": "prescribe",
        "now": NOW.isoformat(),
        "facts": given(WOMAN, changes, unset),
    }
    return asked | more


def ask(body, who=None, **how):
    return Caller(who or PhysicianFactory(), **how).post(PATH, body)


def complaint(answer):
    """The status, and what is wrong where."""
    return answer.status_code, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]


@pytest.mark.parametrize("pack", PACKS)
def test_everything_in_place_is_clear_in_every_pack(pack):
    answer = ask(question(pack=pack))

    assert answer.status_code == 200, answer.content
    assert (answer.json()["pack"], answer.json()["decision"]) == (pack, "clear")


def test_a_fact_that_is_needed_and_absent_holds_and_is_named():
    answer = ask(question(unset=["patient.allergies"])).json()

    finding = next(one for one in answer["findings"] if one["rule"] == "C-06")
    assert (answer["decision"], finding["level"]) == ("hold", "hold")
    assert finding["missing"] == ["patient.allergies"]


def test_null_is_unknown_too():
    answer = ask(question({"patient.allergies": None})).json()

    assert answer["decision"] == "hold"


def test_the_most_severe_finding_stands_first_and_decides():
    answer = ask(question({"patient.medicines": [{"code": "doxycycline"}]})).json()

    assert answer["decision"] == answer["findings"][0]["level"] == "block"
    assert "C-11" in [one["rule"] for one in answer["findings"]]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_finding_speaks_the_readers_language(language):
    body = question({"patient.medicines": [{"code": "doxycycline"}]})

    answer = ask(body, language=language).json()

    assert answer["findings"][0]["message"].isascii() == (language == "en")


def test_a_programme_is_its_pack_in_force_on_the_patients_day():
    before = question({"patient.zone": "UTC"}, pack="uk", now="2026-01-21T23:59:59Z")
    after = question({"patient.zone": "UTC"}, pack="uk", now="2026-01-22T00:00:00Z")

    answers = [ask(body).json() for body in (before, after)]

    assert [one["pack"] for one in answers] == ["uk_mhra_2023", "uk_mhra_2026"]
    assert [one["in_force"] for one in answers] == [True, True]


def test_a_pack_named_by_its_id_answers_also_when_it_is_no_longer_in_force():
    answer = ask(question(pack="uk_mhra_2023")).json()

    assert (answer["pack"], answer["in_force"]) == ("uk_mhra_2023", False)


def test_a_pack_that_waits_for_activation_is_not_in_force_and_no_programmes():
    named = ask(question(pack="us_ipledge_2026", now="2026-09-01T00:00:00Z")).json()
    programme = ask(question(pack="us", now="2026-09-01T00:00:00Z")).json()

    assert (named["pack"], named["in_force"]) == ("us_ipledge_2026", False)
    assert programme["pack"] == "us_ipledge_2023"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"patient.shoe_size": 41}, "/facts/patient/shoe_size", "unknown_key"),
        ({"now": "x"}, "/facts/now", "unknown_key"),
        ({"patient.allergies": ["cats"]}, "/facts/patient/allergies/0", "unknown_code"),
        ({"patient.birth_on": "2001-02-30"}, "/facts/patient/birth_on", "impossible_date"),
        (
            {"patient.weights": [{"kg": -52, "on": "2026-06-01"}]},
            "/facts/patient/weights/0/kg",
            "impossible_number",
        ),
        (
            {"labs": [{"analyte": "alt", "value": 22, "unit": "mg/dL", "taken_on": "2026-06-01"}]},
            "/facts/labs/0/unit",
            "unknown_code",
        ),
    ],
)
def test_a_fact_that_cannot_be_is_refused_at_its_place(changes, pointer, code):
    answer = ask(question(changes))

    assert complaint(answer) == (422, [(pointer, code)])


def test_an_answer_lists_at_most_a_hundred_complaints():
    answer = ask(question({"patient.allergies": ["cats"] * 101}))

    assert len(complaint(answer)[1]) == 100


@pytest.mark.parametrize("now", ["2026-06-15T12:00:00", "2026-06-31T12:00:00Z", "noon"])
def test_now_is_an_instant_with_an_offset(now):
    assert complaint(ask(question(now=now))) == (422, [("/now", "impossible_instant")])


def test_an_unknown_pack_and_an_unknown_purpose_are_refused_at_their_places():
    assert complaint(ask(question(pack="fr_2020"))) == (422, [("/pack", "no_such_pack")])
    assert complaint(ask(question(purpose="x"))) == (422, [("/purpose", "no_such_purpose")])


def test_a_programme_without_a_pack_on_that_day_is_refused():
    answer = ask(question(pack="jp", now="2001-01-01T00:00:00Z"))

    assert complaint(answer) == (422, [("/pack", "no_such_pack")])


def test_a_question_has_a_known_shape():
    answer = ask(question(patient="pt_x"))

    assert complaint(answer) == (400, [("/patient", "unknown_field")])


@pytest.mark.parametrize(
    "factory", [PatientFactory, StaffMemberFactory, AuditorFactory, AdministratorFactory]
)
def test_nobody_but_physicians_and_sandbox_keys_may_ask(factory):
    answer = ask(question(), factory())

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(("sandbox", "status"), [(True, 200), (False, 403)])
def test_a_pharmacys_client_asks_in_a_sandbox_only(sandbox, status, settings):
    client = ApiClientFactory()
    settings.SANDBOX = sandbox

    assert ask(question(), client).status_code == status


@pytest.mark.parametrize(("sandbox_key", "status"), [(True, 200), (False, 403)])
def test_a_live_key_does_not_ask_even_in_a_sandbox(sandbox_key, status, settings):
    settings.SANDBOX = True
    key = new_key(sandbox=sandbox_key)
    ApiClientFactory(key_prefix=key_prefix(key), key_hash=key_hash(key))

    answer = Caller().post(PATH, question(), HTTP_AUTHORIZATION=f"Bearer {key}")

    assert answer.status_code == status, answer.content


def test_a_physician_asks_outside_a_sandbox_too(settings):
    settings.SANDBOX = False

    assert ask(question()).status_code == 200


def rows():
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.managed
    }


@pytest.mark.parametrize(("changes", "status"), [({}, 200), ({"patient.shoe_size": 1}, 422)])
def test_nothing_is_stored_but_the_entry_and_the_sealed_reply(changes, status):
    physician = PhysicianFactory()
    before = rows()

    answer = ask(question(changes), physician)

    more = {name: count - before[name] for name, count in rows().items() if count != before[name]}
    assert answer.status_code == status
    assert more == {"audit.AuditEntry": 1, "api.IdempotencyKey": 1}


def test_the_entry_says_who_asked_what_and_no_fact():
    physician = PhysicianFactory()

    ask(question({"prescriber.code": "dr_secret"}), physician)

    entry = AuditEntry.objects.get()
    content = json.loads(bytes(entry.body))
    assert (entry.action, entry.object_ref) == ("assessment.ask", "jp_house_2026")
    assert entry.actor == physician.user.actor.label
    assert set(content["facts"]) == {"pack", "purpose"}
    assert b"dr_secret" not in bytes(entry.body)


def test_the_same_key_gets_the_same_reply_and_an_entry_that_it_was_shown_again():
    caller = Caller(PhysicianFactory())

    answers = [caller.post(PATH, question(), key="once") for _ in range(2)]

    assert answers[0].content == answers[1].content
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["assessment.ask", "assessment.ask.replayed"]
