"""No page is without its look: a law about the routes of the service."""

import pytest

from tests.browser.house import BEGINNERS, MEMBERS, NOBODY, PEOPLE
from tests.browser.pages import NOT_PAGES, PAGES
from tests.browser.routes import can_be_opened, routes

pytestmark = pytest.mark.django_db


def test_every_route_is_a_listed_page_or_has_a_reason_not_to_be():
    listed = {page.route for page in PAGES} | set(NOT_PAGES)

    unlisted = sorted(route for route in routes() - listed if can_be_opened(route))

    assert unlisted == [], "add a line to PAGES in tests/browser/pages.py, see README.md there"


def test_everything_that_is_listed_is_a_route():
    listed = {page.route for page in PAGES} | set(NOT_PAGES)

    assert listed - routes() == set()


def test_no_page_has_the_name_of_another_or_is_no_page_as_well():
    names = [page.name for page in PAGES]

    assert len(names) == len(set(names))
    assert {page.route for page in PAGES} & set(NOT_PAGES) == set()


def test_who_looks_lives_in_the_house():
    assert {page.who for page in PAGES} <= {*PEOPLE, *BEGINNERS, *MEMBERS, NOBODY}


def test_whatever_is_forgiven_says_why():
    reasons = [reason for page in PAGES for reason in page.forgiven.values()]

    assert all(len(reason) > 15 for reason in [*reasons, *NOT_PAGES.values()])
