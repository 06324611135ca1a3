"""The developers' catalogue shows what there is."""

import re

import pytest
from django.contrib.staticfiles import finders

from backend.portals.shell.design import COLOURS, SIZES, SPACES
from tests.portals.reader import Reader

pytestmark = pytest.mark.django_db


def test_every_token_of_colour_type_and_space_is_shown():
    with open(finders.find("shell/tokens.css"), encoding="utf-8") as file:
        declared = set(re.findall(r"--([a-z0-9-]+):", file.read()))

    others = {"font", "mono", "radius", "radius-s", "shadow", "tap"}

    assert declared - others == {*COLOURS, *SIZES, *SPACES}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_shows_icons_fields_and_a_button_that_says_why_not(language):
    page = Reader(language=language).get("/design").content.decode()

    assert 'icons.svg#leaf"' in page
    assert 'aria-invalid="true"' in page
    assert ("検査結果がまだ" if language == "ja" else "A test result is missing") in page
