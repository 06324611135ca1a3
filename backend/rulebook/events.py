"""The rule book reports nothing: it changes nothing."""

EVENTS = ()
