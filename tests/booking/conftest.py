import pytest

from tests.booking.places import a_place


@pytest.fixture
def place():
    """At NOW; a test that plays at another time makes a place of its own."""
    return a_place()
