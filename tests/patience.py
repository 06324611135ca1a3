"""How long a test waits for what must come, and why so long.

The sealer takes only what no running transaction can still come before, in any database of the
server: so a test that seals waits for the other worker's test, and some hold one for a module.
"""

PATIENCE_S = 300
