import uuid

import pytest


@pytest.fixture(autouse=True)
def _counters_of_our_own(settings):
    """Attempts are counted in a Redis that other tests, and other runs, use at the same time."""
    cache = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}
