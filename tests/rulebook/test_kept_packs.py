"""The packs that decisions were made by are kept, and are read back as they were."""

import pytest
from django.db import DatabaseError, connection, transaction

from backend.prescriptions.steps.decide import decide
from backend.protocol.assess import assess
from backend.protocol.facts import case_from_facts
from backend.protocol.pack import load
from backend.rulebook.errors import PackAltered, PackNotKept
from backend.rulebook.models import RulePackVersion
from backend.rulebook.queries import pack_of_version
from backend.rulebook.steps.keep_pack import keep_pack
from tests.factories.accounts import PatientFactory, PhysicianFactory
from tests.protocol.situations import JP, NOW, PACKS, WOMAN, given

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_kept_pack_is_read_back_as_it_was(pack_id):
    pack = load(pack_id)
    keep_pack(pack, at=NOW)

    kept = pack_of_version.__wrapped__(pack.version)

    assert kept is not pack
    for name in ("id", "version", "numbers", "levels", "choices", "content", "in_force_from"):
        assert getattr(kept, name) == getattr(pack, name), name
    row = RulePackVersion.objects.get()
    assert (row.pack_id, row.kept_at) == (pack_id, NOW)


def test_a_kept_pack_answers_as_the_pack_did():
    pack, case = load(JP), case_from_facts(given(WOMAN, {"patient.allergies": ["soya"]}), NOW)
    keep_pack(pack, at=NOW)

    kept = pack_of_version.__wrapped__(pack.version)

    assert assess(case, kept, "prescribe") == assess(case, pack, "prescribe")


def test_a_decision_keeps_the_pack_it_was_made_by():
    case = case_from_facts(given(WOMAN), NOW)
    assessment = assess(case, load(JP), "prescribe")

    decision = decide(
        patient=PatientFactory(),
        assessment=assessment,
        case=case,
        moment="approve",
        by=PhysicianFactory().user.actor,
        at=NOW,
    )

    assert RulePackVersion.objects.get().version == decision.pack_version == load(JP).version


def test_a_pack_is_kept_once():
    for _ in range(2):
        keep_pack(load(JP), at=NOW)

    assert RulePackVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_known_pack_costs_no_query(django_assert_num_queries):
    with transaction.atomic():
        keep_pack(load(JP), at=NOW)

    with transaction.atomic(), django_assert_num_queries(0):
        keep_pack(load(JP), at=NOW)

    assert RulePackVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_kept_again():
    with transaction.atomic():
        keep_pack(load(JP), at=NOW)
        transaction.set_rollback(True)
    assert not RulePackVersion.objects.exists()

    with transaction.atomic():
        keep_pack(load(JP), at=NOW)

    assert RulePackVersion.objects.get().version == load(JP).version


@pytest.mark.django_db(transaction=True)
def test_keeping_is_part_of_somebodys_transaction():
    with pytest.raises(RuntimeError):
        keep_pack(load(JP), at=NOW)


def test_a_version_that_was_never_kept_is_refused():
    with pytest.raises(PackNotKept):
        pack_of_version("jp_house_2026@0000000000000000")


def test_a_content_that_does_not_fit_its_version_is_refused():
    version = "jp_house_2026@1111111111111111"
    RulePackVersion.objects.create(
        version=version, pack_id=JP, content=load(JP).content, kept_at=NOW
    )

    with pytest.raises(PackAltered):
        pack_of_version(version)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rulebook_rulepackversion SET content = '{}'",
        "DELETE FROM rulebook_rulepackversion",
    ],
)
def test_the_database_refuses_to_change_or_lose_a_kept_pack(change):
    keep_pack(load(JP), at=NOW)

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(change)
