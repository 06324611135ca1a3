"""Which rules may speak of a window without voiding anything."""

import pytest

from backend.prescriptions.changes import LEFT_TO_THE_COUNTER
from backend.protocol.assess import RULES


@pytest.mark.parametrize("rule", sorted(LEFT_TO_THE_COUNTER))
def test_what_is_left_to_the_counter_is_asked_at_the_counter(rule):
    """Else a finding of it would be passed over: neither void nor refused."""
    (asked,) = [one for one in RULES if one.id == rule]

    assert "dispense" in asked.purposes
