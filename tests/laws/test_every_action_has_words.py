"""Patients read what was done with their record: every action has words, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth import __file__ as allauth
from django.db import connection

from backend.auditor.words import CHANGED, SEEN, Kind, _file, act_of, actions_of, of_table
from backend.config.policy import tables
from backend.origin import EMERGENCY
from backend.prescriptions.rules import Moment
from tests.laws.breaches import sources

WRITERS = {"record", "record_each", "record_look_at_pseudonyms", "_refused", "note_looks"}
OF_ACCOUNTS = {"note", "note_failure"}
"""`backend.accounts.account_entries`: what they are given is `user.<action>`."""


def written(source: str) -> Iterator[str]:
    """The actions that a module writes by name, not by a verb of a table."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        if name in WRITERS:
            yield first.value
        if name in OF_ACCOUNTS:
            yield f"user.{first.value}"


def told_by_allauth() -> set[str]:
    """allauth's notices of security, which `AccountAdapter` notes by their names."""
    found = set()
    for path in Path(allauth).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        names = re.findall(r"send_notification_mail\(\s*\"(?:account|mfa)/email/(\w+)\"", text)
        found |= {f"user.{name}" for name in names}
    return found


def all_actions() -> set[str]:
    by_name = {
        action
        for path in sources("backend", "workers")
        for action in written(path.read_text(encoding="utf-8"))
    }
    return (
        {row.action for table in tables() for row in table}
        | by_name
        | told_by_allauth()
        | {f"decision.{moment}" for moment in Moment}
        | {"user.read_account", "user.change_account"}
    )


def test_the_search_finds_what_is_written_by_name():
    found = all_actions()

    assert {"user.sign_in", "clinic.open", "audit_trail.verify", "user.totp_activated"} <= found
    assert len(found) > 240


def test_every_action_that_can_stand_in_an_entry_has_words():
    assert sorted(action for action in all_actions() if not act_of(action).is_known) == []


def test_what_nobody_has_words_for_is_shown_by_its_name():
    act = act_of("teapot.boil")

    assert (act.is_known, act.kind) == (False, Kind.EXECUTE)
    assert "teapot.boil" in act.words.ja
    assert "teapot.boil" in act.words.en


def test_no_words_are_left_over():
    actions = all_actions()
    things = {action.partition(".")[0] for action in actions}
    verbs = {action.partition(".")[2] for action in actions}

    assert set(_file()["actions"]) - actions == set()
    assert set(_file()["things"]) - things == set()
    assert set(_file()["verbs"]) - verbs == set()


@pytest.mark.django_db
def test_every_table_whose_changes_are_kept_has_words():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'keep_ch%'"
        )
        tables = {name for (name,) in cursor.fetchall()}

    assert "prescriptions_coursehalt" in tables
    assert {name for name in tables if of_table(name).en == name} == set()
    assert set(_file()["tables"]) <= tables


@pytest.mark.parametrize("action", sorted(all_actions()))
def test_words_are_of_their_language_and_say_no_code(action):
    words = act_of(action).words

    assert re.search(r"[ぁ-んァ-ヶ一-龠]", words.ja)
    assert words.en.isascii()
    assert "_" not in words.ja + words.en
    assert "{" not in words.ja + words.en


def test_every_purpose_has_words():
    purposes = {"treatment", EMERGENCY} | set(
        re.findall(
            r"(?:acting_for|for_purpose|go_on_for)\([^)]*\"(\w+)\"\)",
            "".join(path.read_text(encoding="utf-8") for path in sources("backend", "workers")),
        )
    )

    assert purposes == set(_file()["purposes"])


@pytest.mark.parametrize("kinds", [SEEN, CHANGED], ids=["seen", "changed"])
def test_entries_are_searched_by_what_their_actions_are_called(kinds):
    """What the list of accesses finds by its pattern is what its words say."""
    chosen = actions_of(kinds)
    known = all_actions() | {f"{action}.replayed" for action in all_actions()}

    found = {
        action
        for action in known
        if action in chosen.beside
        or (re.search(chosen.pattern, action) and action not in chosen.without)
    }

    assert found == {action for action in known if act_of(action).kind in kinds}
    assert found
