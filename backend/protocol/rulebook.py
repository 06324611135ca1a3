"""Every rule that is asked of facts, in the order in which findings are read.

Red flags first, since K-01 and A-10 to A-13 read what was found before them.
"""

from backend.protocol import (
    adverse,
    checkin,
    contraception,
    contraindications,
    dispensing,
    dosing,
    laboratory,
    legal,
    lipids,
    liver,
    medicines,
    mood,
    pregnancy,
    pregnancy_jp,
    pregnancy_ppp,
    pregnancy_us,
    procedures,
    selection,
    supply,
    timeline,
)
from backend.protocol.ask import Rule

_MODULES = (
    adverse,
    checkin,
    mood,
    selection,
    contraindications,
    medicines,
    procedures,
    pregnancy,
    contraception,
    pregnancy_jp,
    pregnancy_us,
    pregnancy_ppp,
    dosing,
    supply,
    laboratory,
    lipids,
    liver,
    timeline,
    legal,
    dispensing,
)


def _collect() -> tuple[Rule, ...]:
    found = [
        item for module in _MODULES for item in vars(module).values() if isinstance(item, Rule)
    ]
    ids = [rule.id for rule in found]
    if len(set(ids)) != len(ids):
        raise ValueError("a rule stands twice in the rule book")
    late = [rule for rule in found if rule.id == "K-01" or rule.id.startswith("A-")]
    return tuple(rule for rule in found if rule not in late) + tuple(late)


RULES = _collect()
