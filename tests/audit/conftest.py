"""What every test of the trail may use."""

import pytest

from backend.audit.seal import sign_checkpoints
from tests.audit.test_seal import SIGNER, note, sealed_until, somebody


@pytest.fixture
def grow(physician_actor):
    """A patient is seen so many times, and that is sealed; as `sealed_until` waits for it."""
    patient, size = somebody(), 0

    def by(records, *, sign=True):
        nonlocal size
        entries = [note(patient, physician_actor) for _ in range(records)]
        size += records
        sealed_until(size)
        if sign:
            sign_checkpoints(SIGNER)
        return entries

    return by
