"""Every page that is read on a phone, as people meet it, in both languages and both schemes."""

import pytest

from tests.browser.devices import LANGUAGES
from tests.browser.looking import look_at, pages_on, who_of

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
PAGES = pages_on("phone")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_wrong_with(page, language, house, server, visit):
    window = visit(page.device.speaking(language), who_of(page, house))

    wrong = look_at(page, house, window, server)

    assert wrong == {}
