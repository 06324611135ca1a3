"""What the trail announces."""

TRAIL_BROKEN = "audit.trail.broken"
EVENTS = (TRAIL_BROKEN,)
