"""The version of the rules: it changes with whatever may change an answer, but for the packs."""

import re
import shutil
from pathlib import Path

import pytest

from backend.protocol import version
from backend.protocol.version import RULES_VERSION, version_of

HERE = Path(version.__file__).parent


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "packs").mkdir()
    (tmp_path / "dosing.py").write_text("LIMIT = 1\n")
    (tmp_path / "texts" / "dosing.toml").write_text("[D-01]\n")
    (tmp_path / "packs" / "jp.toml").write_text("id = 'jp'\n")
    return tmp_path


def test_it_is_that_of_the_protocol_and_says_nothing_else():
    assert version_of(HERE) == RULES_VERSION
    assert re.fullmatch("[0-9a-f]{16}", RULES_VERSION)


def test_the_same_files_elsewhere_are_the_same_version(folder, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy") / "protocol"
    shutil.copytree(folder, copy)

    assert version_of(copy) == version_of(folder)


@pytest.mark.parametrize("name", ["dosing.py", "texts/dosing.toml"])
def test_what_a_file_says_counts(folder, name):
    before = version_of(folder)

    (folder / name).write_text((folder / name).read_text() + "\n")

    assert version_of(folder) != before


@pytest.mark.parametrize("name", ["supply.py", "texts/supply.toml", "tables/packs/synonyms.toml"])
def test_a_new_file_counts_even_if_it_is_empty(folder, name):
    before = version_of(folder)

    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("")

    assert version_of(folder) != before


def test_where_a_file_stands_counts(folder):
    before = version_of(folder)

    (folder / "dosing.py").rename(folder / "doses.py")

    assert version_of(folder) != before


@pytest.mark.parametrize("name", ["packs/jp.toml", "packs/uk.toml", "README.md", "dosing.pyc"])
def test_packs_and_what_is_no_rule_do_not_count(folder, name):
    before = version_of(folder)

    (folder / name).write_text("other\n")

    assert version_of(folder) == before
