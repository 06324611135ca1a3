"""What the delivery of notices announces."""

NOTIFICATION_UNDELIVERED = "notifications.notification.undelivered"

EVENTS = (NOTIFICATION_UNDELIVERED,)
