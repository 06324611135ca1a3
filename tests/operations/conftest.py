"""Sessions of the roles that `make test` lets in."""

import pytest

from tests.roles import connect


@pytest.fixture
def app(database_roles):
    """A session of the service's role."""
    with connect(database_roles.app) as session:
        yield session


@pytest.fixture
def sealer(database_roles):
    """A session of the sealer's role."""
    with connect(database_roles.sealer) as session:
        yield session
