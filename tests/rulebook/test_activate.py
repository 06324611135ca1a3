"""A clinic activates a rule pack that waits for it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from backend.protocol.pack import load
from backend.rulebook.models import PackActivation, RulePackVersion
from tests.callers import Caller
from tests.factories.accounts import (
    AdministratorFactory,
    AuditorFactory,
    ClinicFactory,
    PhysicianFactory,
    StaffMemberFactory,
)
from tests.factories.rulebook import PackActivationFactory

pytestmark = pytest.mark.django_db
PATH = "/v1/protocol/activations"
NEW = "us_ipledge_2026"
LATE_ON_AUGUST_9 = datetime(2026, 8, 10, 3, 59, 59, tzinfo=UTC)  # 23:59:59 in New York


@pytest.fixture
def clinic():
    return ClinicFactory(programme="us", zone="America/New_York")


@pytest.fixture
def administrator(clinic):
    return AdministratorFactory(clinic=clinic)


def body(administrator, *, pack=NEW, language="en", **changes):
    """What an administrator sends after reading the pack."""
    physician = PhysicianFactory(clinic=administrator.clinic)
    shown = Caller(administrator, language=language).get(f"/v1/protocol/packs/{pack}").json()
    signed = {
        "pack_version": shown["version"],
        "in_force_on": "2026-08-20",
        "reason": "The new REMS takes effect.",
        "physician": physician.ref,
        "lawyer": "Jane Roe",
        "sign_off_sha256": shown["sign_off_sha256"],
    }
    return signed | changes


def activate(administrator, content, *, at=datetime(2026, 7, 1, tzinfo=UTC), **how):
    with time_machine.travel(at, tick=False):
        return Caller(administrator, **how).post(PATH, content)


def complaint(answer):
    problem = answer.json()
    return answer.status_code, problem["code"], [e["pointer"] for e in problem.get("errors", [])]


def test_an_activation_is_kept_recorded_and_announced(administrator):
    content = body(administrator)

    answer = activate(administrator, content)

    assert answer.status_code == 201, answer.content
    shown, row = answer.json(), PackActivation.objects.get()
    assert {name: shown[name] for name in content} == content
    assert (shown["id"], shown["pack"], shown["status"]) == (row.ref, NEW, "standing")
    assert shown["available_actions"] == ["withdraw"]
    assert row.activated_by == administrator.user
    assert RulePackVersion.objects.get().version == row.pack_version
    event = OutboxEvent.objects.get(type="rulebook.pack.activated")
    assert event.payload == {
        "pack_activation_id": row.ref,
        "clinic_id": administrator.clinic.ref,
        "pack": NEW,
        "pack_version": load(NEW).version,
        "in_force_on": "2026-08-20",
    }


def test_the_entry_names_what_was_signed_and_no_person(administrator):
    activate(administrator, body(administrator))

    entry = AuditEntry.objects.get(action="pack_activation.activate")
    assert entry.object_ref == PackActivation.objects.get().ref
    assert load(NEW).version.encode() in bytes(entry.body)
    assert b"Jane Roe" not in bytes(entry.body)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_text_may_be_signed_in_either_language(administrator, language):
    answer = activate(administrator, body(administrator, language=language))

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("in_force_on", "at", "accepted"),
    [
        ("2026-08-07", datetime(2026, 7, 1, tzinfo=UTC), False),  # the pack's own first day is 8
        ("2026-08-08", datetime(2026, 7, 1, tzinfo=UTC), True),
        ("2026-08-08", LATE_ON_AUGUST_9, False),
        ("2026-08-09", LATE_ON_AUGUST_9, True),
        ("2026-08-09", LATE_ON_AUGUST_9.replace(hour=4, minute=0, second=0), False),
    ],
)
def test_the_first_day_is_neither_past_at_the_clinic_nor_before_the_packs_own(
    administrator, in_force_on, at, accepted
):
    answer = activate(administrator, body(administrator, in_force_on=in_force_on), at=at)

    if accepted:
        assert answer.status_code == 201
    else:
        assert complaint(answer) == (422, "activation_too_early", ["/in_force_on"])
    assert PackActivation.objects.exists() == accepted


def test_a_pack_that_is_in_force_by_its_dates_is_not_activated(administrator):
    answer = activate(administrator, body(administrator, pack="us_ipledge_2023"))

    assert complaint(answer) == (422, "pack_needs_no_activation", ["/pack_version"])


def test_a_pack_of_another_countrys_programme_is_not_activated():
    administrator = AdministratorFactory()
    assert administrator.clinic.programme == "jp"

    answer = activate(administrator, body(administrator))

    assert complaint(answer) == (422, "pack_of_other_programme", ["/pack_version"])


def test_an_unknown_pack_is_not_activated(administrator):
    answer = activate(administrator, body(administrator, pack_version="us_ipledge_2030@0"))

    assert complaint(answer) == (422, "no_such_pack", ["/pack_version"])


@pytest.mark.parametrize(
    "changes",
    [{"pack_version": f"{NEW}@{'0' * 16}"}, {"sign_off_sha256": "0" * 64}],
    ids=["pack", "text"],
)
def test_what_was_signed_must_be_what_is_there_now(administrator, changes):
    answer = activate(administrator, body(administrator, **changes))

    assert complaint(answer) == (409, "pack_changed", [])
    assert answer.json()["pack_version"] == load(NEW).version
    assert not PackActivation.objects.exists()


def test_who_signs_off_is_a_physician_at_work_in_the_clinic(administrator):
    clinic = administrator.clinic
    gone = PhysicianFactory(clinic=clinic, deactivated_at=datetime(2026, 6, 1, tzinfo=UTC))

    for signer in (StaffMemberFactory(clinic=clinic), PhysicianFactory(), gone):
        answer = activate(administrator, body(administrator, physician=signer.ref))

        assert complaint(answer) == (422, "signer_not_physician", ["/physician"])


@pytest.mark.parametrize(
    "missing", ["pack_version", "in_force_on", "reason", "physician", "lawyer", "sign_off_sha256"]
)
def test_nothing_of_a_sign_off_may_be_left_out(administrator, missing):
    content = body(administrator)
    del content[missing]

    assert complaint(activate(administrator, content)) == (400, "invalid_request", [f"/{missing}"])


def test_a_pack_is_activated_once_at_a_time(administrator):
    activate(administrator, body(administrator))

    answer = activate(administrator, body(administrator, in_force_on="2026-09-01"))

    assert complaint(answer) == (409, "pack_already_activated", [])
    assert PackActivation.objects.count() == 1


def test_activating_needs_a_fresh_proof_of_who_one_is(administrator):
    answer = activate(administrator, body(administrator), fresh=False)

    assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_required")
    assert not PackActivation.objects.exists()


@pytest.mark.parametrize("factory", [PhysicianFactory, StaffMemberFactory, AuditorFactory])
def test_nobody_but_an_administrator_activates(administrator, factory):
    answer = activate(factory(clinic=administrator.clinic), body(administrator))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_the_clinic_reads_its_activations_the_withdrawn_ones_too(clinic, administrator):
    first = PackActivationFactory(clinic=clinic, withdrawn=True)
    second = PackActivationFactory(clinic=clinic)
    PackActivationFactory()

    for reader in (administrator, PhysicianFactory(clinic=clinic), AuditorFactory(clinic=clinic)):
        shown = Caller(reader).get(PATH).json()["data"]
        standing = Caller(reader).get(PATH, status="standing", pack=NEW).json()["data"]
        withdrawn = Caller(reader).get(PATH, status="withdrawn").json()["data"]

        assert [row["id"] for row in shown] == [second.ref, first.ref]
        assert [row["id"] for row in standing] == [second.ref]
        assert [row["id"] for row in withdrawn] == [first.ref]


def test_a_longer_list_takes_no_more_queries(clinic, administrator):
    caller = Caller(administrator)
    PackActivationFactory(clinic=clinic, withdrawn=True)
    caller.get(PATH)  # the caller's own rows are read once
    with CaptureQueriesContext(connection) as short:
        caller.get(PATH)

    PackActivationFactory.create_batch(4, clinic=clinic, withdrawn=True)
    with CaptureQueriesContext(connection) as long:
        shown = caller.get(PATH).json()["data"]

    assert len(shown) == 5
    assert len(long) == len(short)
