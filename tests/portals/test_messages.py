"""Every message of the pages is there in Japanese; and the check that says so can fail."""

from pathlib import Path

import pytest
from babel.messages.catalog import Message

from dev.messages import (
    collected,
    compiled,
    po_of,
    portals,
    problems,
    two_ways,
    update,
    write_compiled,
    wrong_with,
)


@pytest.mark.parametrize("portal", portals(), ids=lambda path: path.name)
def test_every_message_of_a_portal_is_there_in_japanese(portal):
    assert problems(portal) == []


def test_no_message_has_two_japanese_texts():
    assert two_ways(portals()) == []


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    page = tmp_path / "desk" / "templates" / "desk" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        '{% load i18n %}<div>\n  {% translate "Good day" %}\n'
        "    {% blocktranslate trimmed with n=1 %}\n      {{ n }} of them\n"
        "    {% endblocktranslate %}\n"
        '  {% if x %}{% include "a.html" with title=_("In a tag") %}{% endif %}</div>'
    )
    (tmp_path / "desk" / "words.py").write_text('WORD = gettext_lazy("In code")\n')
    return tmp_path / "desk"


def _translated(portal: Path) -> None:
    update(portal)
    texts = {"Good day": "こんにちは", "%(n)s of them": "%(n)s件", "In a tag": "札の中"}
    text = po_of(portal).read_text()
    for english, japanese in {**texts, "In code": "コードの中"}.items():
        text = text.replace(
            f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{japanese}"'
        )
    po_of(portal).write_text(text)
    write_compiled(portal)


def test_messages_come_from_templates_and_from_code(portal):
    found = {message.id for message in collected(portal) if message.id}

    assert found == {"Good day", "%(n)s of them", "In a tag", "In code"}


def test_a_translated_portal_has_no_problems_and_an_update_keeps_its_words(portal):
    _translated(portal)
    before = po_of(portal).read_bytes(), compiled(portal)

    update(portal)

    assert problems(portal) == []
    assert (po_of(portal).read_bytes(), compiled(portal)) == before


def test_a_new_message_and_one_that_nobody_says_any_more_are_problems(portal):
    _translated(portal)

    (portal / "words.py").write_text('WORD = gettext_lazy("Another")\n')

    assert problems(portal) == [
        "desk: not in django.po: 'Another'",
        "desk: said nowhere: 'In code'",
    ]


def test_an_old_binary_file_is_a_problem(portal):
    _translated(portal)

    po_of(portal).write_text(po_of(portal).read_text().replace("こんにちは", "おはよう"))

    assert problems(portal) == ["desk: django.mo is not what django.po says: run `make messages`"]


@pytest.mark.parametrize(
    ("english", "japanese", "flags", "wrong"),
    [
        ("Good day", "", (), "not translated"),
        ("Good day", "こんにちは", ("fuzzy",), "marked fuzzy"),
        ("Good day", "Good day", (), "not Japanese"),
        ("%(n)s days", "数日", (), "other placeholders"),
        ("{n} days", "{m}日", (), "other placeholders"),
    ],
)
def test_a_bad_translation_is_named(english, japanese, flags, wrong):
    assert wrong_with(Message(english, japanese, flags=flags)) == [wrong]


@pytest.mark.parametrize(
    ("english", "japanese"), [("%(n)s mg", "%(n)s mg"), (("%(n)s day", "%(n)s days"), ("%(n)s日",))]
)
def test_units_and_plurals_are_good_translations(english, japanese):
    assert wrong_with(Message(english, japanese)) == []


def test_one_message_with_two_texts_is_a_problem(portal, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "words.py").write_text('WORD = gettext_lazy("In code")\n')
    _translated(portal)
    _translated(other)
    alike = two_ways([portal, other])

    po_of(other).write_text(po_of(other).read_text().replace("コードの中", "別の訳"))

    assert alike == []
    assert two_ways([portal, other]) == ["desk and other differ: 'In code'"]
