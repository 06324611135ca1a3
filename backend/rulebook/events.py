"""What the rule book announces."""

PACK_ACTIVATED = "rulebook.pack.activated"
PACK_WITHDRAWN = "rulebook.pack.withdrawn"

EVENTS = (PACK_ACTIVATED, PACK_WITHDRAWN)
