"""How long a worker holds a follow-up. Plain Python."""

from datetime import timedelta

LEASE = timedelta(seconds=60)
BATCH = 50  # claims of 50 are the fastest that stay short: reliability, design (a)
