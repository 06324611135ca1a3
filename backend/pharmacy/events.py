"""What the pharmacy announces. Payloads: `api_schema/events/<event>.json`."""

WEBHOOK_ENDPOINT_DISABLED = "pharmacy.webhook_endpoint.disabled"
WEBHOOK_DELIVERY_GIVEN_UP = "pharmacy.webhook_delivery.given_up"

EVENTS = (
    WEBHOOK_ENDPOINT_DISABLED,
    WEBHOOK_DELIVERY_GIVEN_UP,
)
