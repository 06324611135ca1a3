"""Every row about a patient is kept before and after, however it is written."""

import pytest
from django.db import connection

from tests.laws import trails
from tests.laws.test_house import own_models

pytestmark = pytest.mark.django_db
# What concerns no one patient, and decides about all of them.
ALSO_CLINICAL = {"formulary_product", "formulary_lot", "rulebook_packactivation"}
# Tables that lead to a patient and need no trigger, each with its reason. There is none.
PARDONED: dict[str, str] = {}


def keys():
    return [
        (model._meta.db_table, field.related_model._meta.db_table)
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.is_relation
    ]


def columns_of(tables):
    found = {model._meta.db_table: model for model in own_models()}
    return {name: {f.column for f in found[name]._meta.concrete_fields} for name in tables}


def kept():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgrelid::regclass::text, tgenabled::text, tgtype,
                   tgqual IS NULL AND tgattr = '', encode(tgargs, 'escape')
            FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE tgname = 'keep_change' AND proname = 'keep_change'
            """
        )
        rows = cursor.fetchall()
    triggers = {table: (enabled, kind, whole) for table, enabled, kind, whole, _ in rows}
    return triggers, {row[0]: row[4].split("\\000")[:-1] for row in rows}


def test_every_table_about_a_patient_is_kept_before_and_after():
    clinical = trails.about_patients({"accounts_patient"}, keys())
    triggers, _ = kept()

    assert len(clinical) > 25
    assert trails.tables_that_forget(clinical | ALSO_CLINICAL, triggers, PARDONED) == []


def test_the_list_of_pardons_is_not_longer_than_it_must_be():
    assert set(PARDONED) <= trails.about_patients({"accounts_patient"}, keys())
    assert all(PARDONED.values())


def test_a_trigger_knows_where_the_patient_stands():
    triggers, arguments = kept()

    known = columns_of(triggers)
    assert arguments.pop("accounts_patient") == ["id", "id"]
    assert trails.patients_not_named(known, arguments) == []


def test_no_secret_is_kept():
    triggers, _ = kept()

    assert trails.secrets_kept(columns_of(triggers)) == []


def test_the_laws_bite():
    keys_ = [("visit", "patient"), ("note", "visit"), ("clinic", "staff")]
    assert trails.about_patients({"patient"}, keys_) == {"patient", "visit", "note"}

    whole = ("O", trails.WHOLE, True)
    bad = {"off": ("D", trails.WHOLE, True), "some": ("O", 5, True), "when": ("O", 29, False)}
    forgetful = trails.tables_that_forget({"a", "b", "c", *bad}, bad | {"a": whole}, {"c": "why"})
    assert [found.split(":")[0] for found in forgetful] == ["b", "off", "some", "when"]

    columns = {"a": {"id", "patient_id"}, "b": {"id", "a_id"}, "c": {"id", "gone_id"}}
    told = {"a": ["id"], "b": ["id", "a_id", "a"], "c": ["id", "patient_id"]}
    unnamed = trails.patients_not_named(columns, told)
    assert [found.split(":")[0] for found in unnamed] == ["a", "c"]

    assert trails.secrets_kept({"a": {"id", "key_hash", "secret_sealed"}}) == [
        "a.key_hash",
        "a.secret_sealed",
    ]
