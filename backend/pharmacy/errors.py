"""Every no of the pharmacy."""

from backend.kernel.errors import Refused, Unprocessable
from backend.kernel.text import Text


class EndpointExists(Refused):
    """The pharmacy has an enabled endpoint with this URL."""

    code = "webhook_endpoint_exists"
    title = Text("このURLは登録済みです", "There is an enabled endpoint with this URL")


class TooManyEndpoints(Unprocessable):
    """A pharmacy has at most ten enabled endpoints."""

    code = "too_many_webhook_endpoints"
    title = Text("有効なエンドポイントは10件までです", "At most ten enabled endpoints")
