"""What the formulary announces."""

LOT_RECALLED = "formulary.lot.recalled"

EVENTS = (LOT_RECALLED,)
