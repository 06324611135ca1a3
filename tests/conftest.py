"""What every test may use."""

import sys
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import TransactionTestCase
from django.urls import get_resolver
from hypothesis import settings as hypothesis_settings

from backend.kernel.actor import Actor, Role
from backend.rulebook.steps import keep_pack
from tests import emptying, servers
from tests.browser import untested
from tests.roles import granted, may_make_roles

# The same examples on every machine, however slow: a run that fails can be had again.
hypothesis_settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("house")


emptying.teach(TransactionTestCase)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Before `-m` picks among them."""
    servers.mark(items)


@pytest.fixture(autouse=True)
def only_what_says_so_asks_a_server(request):
    """Else it would be left out of the run on the oldest servers, and nobody would know.

    Not by the fixture `monkeypatch`: what a test undoes of its own would open the way again.
    """
    if request.node.get_closest_marker("servers"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        servers.shut(patch)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """A test may think while it holds a transaction, longer than a request may."""
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] += " -c idle_in_transaction_session_timeout=10min"


@pytest.fixture(scope="session", autouse=True)
def a_password_is_hashed_in_a_moment():
    """Argon2id as in life, but for its price: a tenth of a second on every core."""
    cheap = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in cheap.items():
            patch.setattr(Argon2PasswordHasher, name, cost)
        yield


@pytest.fixture
def physician_actor() -> Actor:
    """A physician who is nobody in particular."""
    return Actor(role=Role.PHYSICIAN, label="physician:usr_test")


@pytest.fixture(scope="session", autouse=True)
def the_doors_are_loaded():
    """Before a test holds a transaction open: PostgreSQL ends one that idles for ten seconds."""
    if callers := sys.modules.get("tests.callers"):
        callers._middleware()
        assert get_resolver().url_patterns


@pytest.fixture(autouse=True)
def no_pack_is_known_to_be_kept():
    """Tests that commit empty the tables under the process when they end."""
    keep_pack.committed.clear()


@pytest.fixture(scope="session")
def roles(django_db_setup, django_db_blocker):
    """The roles of the service and of the sealer; None where the tests' role may make none.

    The database is open only while they are made and taken away: between that it is shut again to
    every test that does not ask for it.
    """
    kept = ExitStack()
    with django_db_blocker.unblock():
        made = kept.enter_context(granted()) if may_make_roles() else None
    yield made
    with django_db_blocker.unblock():
        kept.close()


@pytest.fixture
def database_roles(roles):
    """The same, for tests that are about nothing else. `make test` brings a role that may."""
    if roles is None:
        pytest.skip("the role of DATABASE_URL may not make roles")
    return roles


def pytest_terminal_summary(terminalreporter):
    """The last lines say what this machine could not test."""
    untested.say_it(terminalreporter)
