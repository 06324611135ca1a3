"""Who gets which address of the database, and which secrets."""

import pytest

from dev.environment import as_app, as_sealer, for_service, has_roles
from dev.servers.both import Servers
from dev.servers.folders import Folder

OWNER, APP, SEALER = (f"postgres://{who}:x@127.0.0.1:1/d" for who in ("owner", "app", "sealer"))
REDIS = "redis://127.0.0.1:2/0"
ALONE = Servers(OWNER, REDIS, ())
WITH_ROLES = Servers(OWNER, REDIS, (), APP, SEALER)


@pytest.fixture
def folder(tmp_path):
    return Folder(path=tmp_path, lock=0)


def test_migrations_and_tests_run_as_the_owner(folder):
    found = for_service(folder, WITH_ROLES, {})

    assert (found["DATABASE_URL"], found["APP_DATABASE_URL"]) == (OWNER, APP)
    assert has_roles(found)


def test_the_service_knows_neither_the_owner_nor_the_sealer(folder):
    owner = for_service(folder, WITH_ROLES, {"AUDIT_SIGNING_KEY": "k"})

    found = as_app(owner)

    assert found["DATABASE_URL"] == APP
    assert not {"APP_DATABASE_URL", "SEALER_DATABASE_URL", "AUDIT_SIGNING_KEY"} & set(found)
    assert OWNER not in found.values()


def test_the_sealer_has_a_role_and_a_key_of_its_own_that_stays(folder):
    owner = for_service(folder, WITH_ROLES, {})

    first, again = as_sealer(folder, owner), as_sealer(folder, owner)

    assert first["DATABASE_URL"] == SEALER
    assert first == again
    assert first["AUDIT_SIGNING_KEY"] != owner["SIGNING_KEY"]


def test_a_key_that_is_given_is_the_sealers(folder):
    owner = for_service(folder, WITH_ROLES, {"AUDIT_SIGNING_KEY": "k"})

    assert as_sealer(folder, owner)["AUDIT_SIGNING_KEY"] == "k"


def test_a_database_that_is_given_without_roles_is_everybodys(folder):
    owner = for_service(folder, ALONE, {"APP_DATABASE_URL": ""})

    assert not has_roles(owner)
    assert as_app(owner)["DATABASE_URL"] == OWNER
    assert as_sealer(folder, owner)["DATABASE_URL"] == OWNER
