"""What every test may use."""

import pytest

from backend.kernel.actor import Actor, Role


@pytest.fixture
def physician_actor() -> Actor:
    """A physician who is nobody in particular."""
    return Actor(role=Role.PHYSICIAN, label="physician:usr_test")
