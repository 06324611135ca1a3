"""What was signed: readable, checkable, and nobody changes it."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, connection

from backend.prescriptions.models import Prescription
from backend.prescriptions.queries import verify_signatures
from tests.callers import Caller
from tests.factories.accounts import ApiClientFactory, PharmacyFactory
from tests.factories.prescriptions import PrescriptionFactory
from tests.prescriptions.people import physician_for

pytestmark = pytest.mark.django_db


def read(row, by):
    return Caller(by).get(f"/v1/prescriptions/{row.ref}/signed_content")


def test_anybody_who_may_see_it_can_check_the_signature():
    row = PrescriptionFactory(approved=True)

    said = read(row, physician_for(row)).json()

    content = base64.b64decode(said["content"])
    public = base64.b64decode(said["public_key"])
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(said["signature"]), content)
    assert said["key_id"] == hashlib.sha256(public).hexdigest()[:32]
    assert json.loads(content)["prescription_id"] == row.ref
    assert said["algorithm"] == "Ed25519"


def test_the_key_is_among_the_published_ones():
    row = PrescriptionFactory(approved=True)

    keys = Caller(row.patient).get("/v1/signing_keys").json()["data"]

    assert read(row, row.patient).json()["key_id"] in [key["key_id"] for key in keys]
    assert [key["signs_now"] for key in keys] == [True]


def test_after_a_change_of_keys_the_old_one_is_still_published(settings):
    row = PrescriptionFactory(approved=True)
    settings.SIGNING_KEY = bytes(range(32))

    keys = Caller(row.patient).get("/v1/signing_keys").json()["data"]

    assert [key["signs_now"] for key in keys] == [True, False]
    assert verify_signatures().wrong == ()


def test_before_approval_there_is_nothing_signed():
    row = PrescriptionFactory(in_review=True)

    assert read(row, physician_for(row)).status_code == 404


def test_the_pharmacy_that_may_dispense_it_reads_it_and_another_does_not():
    row = PrescriptionFactory(approved=True)
    own = ApiClientFactory(pharmacy__clinic=row.clinic)
    community = ApiClientFactory(pharmacy=PharmacyFactory(clinic=row.clinic, kind="community"))

    assert read(row, own).status_code == 200
    assert read(row, community).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "daily_mg = 40",
        "days = 20",
        "capsules = 60",
        "doses_per_day = 2",
        "route = 'pharmacy'",
        "valid_until = '2026-04-01'",
        "issued_on = '2026-03-09'",
        "decided_at = '2026-03-09T00:00:00Z'",
        "decline_reason = 'other'",
        "created_at = '2026-03-09T00:00:00Z'",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(change):
    row = PrescriptionFactory(approved=True)

    with (
        pytest.raises(DatabaseError, match="keeps its content"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE prescriptions_prescription SET {change} WHERE id = %s", [row.id])


def test_the_database_lets_its_fate_go_on():
    row = PrescriptionFactory(claimed=True)

    changed = Prescription.objects.filter(id=row.id).update(
        status="partially_dispensed", dispensed_capsules=10, version=2
    )

    assert changed == 1


def test_a_draft_may_change():
    row = PrescriptionFactory()

    assert Prescription.objects.filter(id=row.id).update(daily_mg=40, capsules=60) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE prescriptions_signature SET content = ''",
        "DELETE FROM prescriptions_signature",
        "UPDATE prescriptions_decision SET decision = 'block'",
        "DELETE FROM prescriptions_decision",
        "UPDATE prescriptions_signingkey SET public_key = ''",
    ],
)
def test_the_database_refuses_to_touch_the_evidence(sql):
    PrescriptionFactory(approved=True)

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)


def without_triggers(sql, *values):
    """What somebody with the owner's rights can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("prescription", "signature", "signingkey"):
            cursor.execute(f"ALTER TABLE prescriptions_{table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)


def test_every_signature_stands():
    PrescriptionFactory(approved=True)
    PrescriptionFactory(dispensed=True)

    report = verify_signatures()

    assert (report.checked, report.wrong) == (2, ())


def test_a_prescription_changed_behind_the_triggers_is_found():
    good, bad = PrescriptionFactory(approved=True), PrescriptionFactory(approved=True)

    without_triggers("UPDATE prescriptions_prescription SET daily_mg = 40 WHERE id = %s", bad.id)

    report = verify_signatures()
    assert report.wrong == ((bad.ref, "prescription_differs_from_what_was_signed"),)
    assert good.ref not in dict(report.wrong)


def test_content_changed_behind_the_triggers_is_found():
    row = PrescriptionFactory(approved=True)

    without_triggers("UPDATE prescriptions_signature SET content = content || ' '::bytea")

    assert verify_signatures().wrong == ((row.ref, "signature_does_not_fit"),)


def test_a_key_put_in_its_place_is_found():
    row = PrescriptionFactory(approved=True)

    without_triggers("UPDATE prescriptions_signingkey SET public_key = %s", bytes(32))

    assert verify_signatures().wrong == ((row.ref, "key_does_not_fit_its_id"),)
