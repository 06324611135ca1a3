"""A prescription in review, and who stands in front of its page."""

import pytest

from tests.factories.accounts import PhysicianFactory
from tests.factories.prescriptions import ready_patient, ready_prescription

COLITIS = {"conditions": {"conditions": ["ibd"]}}  # C-20: senior in every pack


@pytest.fixture
def row():
    return ready_prescription()


@pytest.fixture
def colleague(row):
    """Another physician of the clinic than the one who drafted it."""
    return PhysicianFactory(clinic=row.clinic)


@pytest.fixture
def senior():
    """A prescription with a finding that a second physician can sign off."""
    return ready_prescription(ready_patient(said=COLITIS))
