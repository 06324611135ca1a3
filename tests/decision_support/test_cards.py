"""How a finding becomes a card: without a database."""

import pytest

from backend.decision_support.cards import INDICATORS, shortened
from backend.protocol.findings import Level


def test_critical_is_exactly_what_nobody_can_sign_off():
    critical = {level for level, indicator in INDICATORS.items() if indicator == "critical"}

    assert set(INDICATORS) == set(Level)
    assert critical == {level for level in Level if level.rank > Level.SENIOR.rank}
    assert INDICATORS[Level.COUNSEL] == "info"


@pytest.mark.parametrize(("length", "shown"), [(1, 1), (139, 139), (140, 139), (5000, 139)])
def test_a_summary_has_fewer_than_140_characters(length, shown):
    summary = shortened("あ" * length)

    assert len(summary) == shown
    assert summary.endswith("…") is (length > shown)


def test_a_sentence_that_is_cut_leaves_no_space_before_its_end():
    assert shortened("a" * 137 + " and more") == "a" * 137 + "…"
