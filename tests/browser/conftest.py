"""A browser, the service on a socket, windows. See README.md beside this file."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, expect

from tests.browser import chromium as chromiums
from tests.browser import house as houses
from tests.browser.devices import DESK, PHONE, Device
from tests.browser.house import House
from tests.browser.people import sign_in
from tests.browser.server import Server, serving
from tests.browser.untested import NO_BROWSER
from tests.browser.visits import PATIENCE_MS, Visit, opened

Visiting = Callable[..., Visit]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this folder; skips where there is none."""
    with chromiums.running() as browser:
        if browser is None:
            pytest.skip(NO_BROWSER)
        yield browser
        # Where a loop seems to run Django keeps other connections than elsewhere in this thread.
        connections.close_all()


@pytest.fixture(scope="package")
def server(django_test_environment, tmp_path_factory) -> Iterator[Server]:
    """The service at http://localhost:PORT, on the database of the tests.

    Static files are collected and compressed as where it is deployed: pages are weighed.
    """
    collected = str(tmp_path_factory.mktemp("static"))
    with override_settings(STATIC_ROOT=collected, WHITENOISE_USE_FINDERS=False):
        call_command("collectstatic", interactive=False, verbosity=0)
        service = WSGIHandler()
    with serving(service) as server, override_settings(PUBLIC_URL=server.url):
        yield server


@pytest.fixture
def counters_of_our_own(settings):
    """Sign-in attempts are counted in a Redis that other tests use at the same time."""
    default = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": default}


@pytest.fixture
def visit(chromium, server, counters_of_our_own) -> Iterator[Visiting]:
    """`visit(PHONE, house.people["patient"])`: a window of its own, that person signed in.

    When the test ends, no window may have seen an error in its console, and no report of a
    broken Content-Security-Policy may have come. A test that means one says so beforehand:
    `window.expected.append("status of 403")`.
    """
    begun = len(server.application.reports)
    visits: list[Visit] = []

    def open_one(device: Device, who: object = None, **how: bool) -> Visit:
        visits.append(opened(chromium, server, device))
        if who is not None:
            sign_in(visits[-1], who, **how)
        return visits[-1]

    yield open_one
    errors = [error for each in visits for error in each.errors()]
    for each in visits:
        each.context.close()
    server.application.settle()
    assert errors + server.application.reports[begun:] == []


@pytest.fixture
def phone(visit) -> Visit:
    """390 x 844, touch, ja, Tokyo; nobody is signed in."""
    return visit(PHONE)


@pytest.fixture
def phone_en(visit) -> Visit:
    """The same in English."""
    return visit(PHONE.speaking("en"))


@pytest.fixture
def desk(visit) -> Visit:
    """1440 x 900, ja, Tokyo; nobody is signed in."""
    return visit(DESK)


@pytest.fixture
def desk_en(visit) -> Visit:
    """The same in English."""
    return visit(DESK.speaking("en"))


@pytest.fixture
def no_js(visit) -> Visit:
    """The phone with JavaScript switched off."""
    return visit(PHONE.without_script())


@pytest.fixture(scope="module")
def house(chromium, server, django_db_setup, django_db_blocker) -> Iterator[House]:
    """A clinic with everyone and one of everything, for the pages of a whole file.

    For tests that only read, marked `django_db`: what a page changes, the next test sees. A
    journey has its own data: `pytestmark = pytest.mark.django_db(transaction=True)`, factories.
    """
    with django_db_blocker.unblock(), houses.built() as house:
        yield house
        server.application.settle()
