"""Which tasks follow from which event: the whole asynchronous behaviour on one screen.

Every event has a row; `()` says that nobody follows. Tasks are named, not imported: the relay
sends names.
"""

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {}
