"""The pages that say `without_script`, in a browser whose JavaScript is switched off."""

import pytest

from tests.browser.looking import look_at, who_of
from tests.browser.pages import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.looks]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.without_script], ids=lambda page: page.name
)
def test_it_can_be_read_without_script(page, house, server, visit):
    window = visit(page.device.without_script(), who_of(page, house))

    wrong = look_at(page, house, window, server)

    assert wrong == {}
