"""Gunicorn's settings: `gunicorn --config python:backend.config.web`. Ports and sizes are flags."""

import gc

wsgi_app = "backend.config.wsgi:application"
worker_class = "backend.config.prompt.PromptWorker"

# A connection that is kept open between two requests holds no thread.
keepalive = 75
# A worker that does not turn its loop for this long is replaced. Requests have their own limit.
timeout = 60
# What has begun may end; longer than any request takes.
graceful_timeout = 20

limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Whether a request came over TLS is Django's question, by TRUSTED_PROXIES.
secure_scheme_headers: dict[str, str] = {}
# Nobody steers a running server over a socket in somebody's home.
control_socket_disable = True
# One line a request is written by the application, without addresses and query strings.
accesslog = None


def post_worker_init(worker: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """Take what the start-up made out of the collector's sight, whose pauses shrink."""
    gc.collect()
    gc.freeze()
