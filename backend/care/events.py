"""What care announces. Payloads: `api_schema/events/<event>.json`."""

EMERGENCY_ACCESS_OPENED = "care.emergency_access.opened"
EMERGENCY_ACCESS_REVIEWED = "care.emergency_access.reviewed"
EVENTS = (EMERGENCY_ACCESS_OPENED, EMERGENCY_ACCESS_REVIEWED)
