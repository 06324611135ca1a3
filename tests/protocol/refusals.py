"""What is refused of facts that are no case."""

import pytest

from backend.protocol.facts import BadFacts, case_from_facts
from tests.protocol.situations import NOW


def refused(facts, now=NOW):
    """The JSON pointers that are complained about, with their codes."""
    with pytest.raises(BadFacts) as caught:
        case_from_facts(facts, now)
    return {error.pointer: error.code for error in caught.value.errors}
