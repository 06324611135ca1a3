"""What the database itself refuses of an activation, whoever writes it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection

from backend.rulebook.models import PackActivation
from tests.factories.rulebook import PackActivationFactory

pytestmark = pytest.mark.django_db


def test_a_second_standing_activation_of_a_pack_is_refused():
    first = PackActivationFactory()

    with pytest.raises(IntegrityError, match="pack_activation_stands_once"):
        PackActivationFactory(clinic=first.clinic)


def test_a_withdrawn_one_and_another_clinics_are_no_second():
    first = PackActivationFactory(withdrawn=True)

    PackActivationFactory(clinic=first.clinic)
    PackActivationFactory()

    assert PackActivation.objects.count() == 3


@pytest.mark.parametrize(
    "field",
    [
        "in_force_on",
        "reason",
        "physician",
        "lawyer",
        "sign_off_sha256",
        "pack_version",
        "activated_by",
        "activated_at",
    ],
)
def test_a_part_of_the_sign_off_that_is_missing_is_refused(field):
    another = PackActivationFactory(withdrawn=True)
    another.id = uuid4()
    setattr(another, field, None)

    with pytest.raises(IntegrityError, match="null value"):
        another.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"lawyer": ""}, "pack_activation_says_why_and_who"),
        ({"reason": ""}, "pack_activation_says_why_and_who"),
        ({"sign_off_sha256": ""}, "pack_activation_names_what_was_signed"),
        ({"sign_off_sha256": "A" * 64}, "pack_activation_names_what_was_signed"),
        ({"pack_version": "us_ipledge_2026"}, "pack_activation_names_what_was_signed"),
        ({"withdrawn": True, "withdrawn_by": None}, "pack_activation_withdrawn_together"),
        ({"withdrawn": True, "withdrawal_reason": None}, "pack_activation_withdrawn_together"),
        ({"withdrawn": True, "withdrawal_reason": ""}, "pack_activation_withdrawn_together"),
        (
            {"withdrawn": True, "activated_at": datetime(2026, 9, 1, 13, tzinfo=UTC)},
            "pack_activation_withdrawn_later",
        ),
    ],
)
def test_an_activation_that_cannot_be_is_refused(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        PackActivationFactory(**changes)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rulebook_packactivation SET in_force_on = '2026-08-01', version = version + 1",
        "UPDATE rulebook_packactivation SET version = version + 1",
        "UPDATE rulebook_packactivation SET lawyer = 'x', version = version + 1,"
        " withdrawn_at = now(), withdrawn_by_id = activated_by_id, withdrawal_reason = 'x'",
        "DELETE FROM rulebook_packactivation",
    ],
)
def test_an_activation_is_neither_changed_nor_lost(change):
    PackActivationFactory()

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_withdrawn_activation_does_not_stand_again():
    PackActivationFactory(withdrawn=True)
    back = (
        "UPDATE rulebook_packactivation SET withdrawn_at = NULL, withdrawn_by_id = NULL,"
        " withdrawal_reason = NULL, version = version + 1"
    )

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(back)
