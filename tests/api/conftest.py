import pytest

from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory
from tests.factories.worklist import TaskFactory


@pytest.fixture
def task():
    return TaskFactory()


@pytest.fixture
def physician(task):
    return Caller(PhysicianFactory(clinic=task.patient.clinic))
