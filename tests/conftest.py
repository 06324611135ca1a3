"""What every test may use."""

import pytest

from backend.kernel.actor import Actor, Role
from backend.rulebook.steps import keep_pack


@pytest.fixture
def physician_actor() -> Actor:
    """A physician who is nobody in particular."""
    return Actor(role=Role.PHYSICIAN, label="physician:usr_test")


@pytest.fixture(autouse=True)
def no_pack_is_known_to_be_kept():
    """Tests that commit empty the tables under the process when they end."""
    keep_pack.committed.clear()
