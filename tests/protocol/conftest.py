"""What tests of packs may use."""

import shutil

import pytest

from backend.protocol.pack import PACKS


@pytest.fixture
def folder(tmp_path):
    """A copy of the real packs, to be broken."""
    return shutil.copytree(PACKS, tmp_path / "packs")
