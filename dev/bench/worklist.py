"""The physician's worklist with 100,000 prescriptions waiting."""

from collections.abc import Iterator

from dev.bench.figures import Figure, at_most
from dev.bench.load import request_bytes, run
from dev.bench.web import bench

WAITING, REQUESTS = 100_000, 200


def measure() -> Iterator[Figure]:
    """The first page of what waits for review, again and again, one connection."""
    with bench() as place:
        token = place.seed("worklist", str(WAITING))["token"]
        with place.serving("ours", "backend.config.settings") as port:
            request = request_bytes(
                "GET",
                "/v1/prescriptions?status=in_review",
                {"Authorization": f"Bearer {token}", "Accept": "application/json"},
                port=port,
            )
            run(port, [request] * 20, connections=1)
            load = run(port, [request] * REQUESTS, connections=1)
    if set(load.statuses) != {200}:
        raise RuntimeError(f"the worklist did not answer: {load.statuses}")
    yield at_most(f"worklist of {WAITING:,} prescriptions, p95", load.percentile_ms(0.95), "ms", 60)
