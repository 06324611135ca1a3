"""What every test of the trail may use."""

import pytest
from django.db import transaction

from backend.audit.seal import sign_checkpoints
from tests.audit.test_seal import SIGNER, note, sealed_until, somebody


@pytest.fixture
def grow(physician_actor):
    """A patient is seen so many times in one transaction, and that is sealed: in one batch."""
    patient, size = somebody(), 0

    def by(records, *, sign=True):
        nonlocal size
        with transaction.atomic():
            entries = [note(patient, physician_actor) for _ in range(records)]
        size += records
        sealed_until(size)
        if sign:
            sign_checkpoints(SIGNER)
        return entries

    return by
