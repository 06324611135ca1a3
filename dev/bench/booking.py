"""Confirming a booking over HTTP, everything on, against a bare DRF view in the same minute."""

from collections.abc import Iterator

from dev.bench.figures import Figure, at_most, ratio_at_least
from dev.bench.load import Load, request_bytes, run
from dev.bench.web import bench

CONNECTIONS = 8
ROUNDS, A_ROUND, WARM = 4, 400, 80
OURS, BARE = "backend.config.settings", "dev.bench.bare_settings"


def measure() -> Iterator[Figure]:
    """Alternating rounds of both sides; the totals are compared."""
    with bench() as place:
        seeded = place.seed("booking", str(2 * (WARM + ROUNDS * A_ROUND)))
        visits = iter(zip(seeded["visits"], seeded["tokens"], strict=True))
        ours, bare = Load(), Load()
        with place.serving("ours", OURS) as port, place.serving("bare", BARE) as bare_port:
            a_round(port, visits, WARM)
            a_round(bare_port, visits, WARM)
            for _ in range(ROUNDS):
                added(bare, a_round(bare_port, visits, A_ROUND))
                added(ours, a_round(port, visits, A_ROUND))
    if set(ours.statuses) != {200} or set(bare.statuses) != {200}:
        raise RuntimeError(f"not all were confirmed: {ours.statuses}, {bare.statuses}")
    yield ratio_at_least(
        "confirming a booking",
        ours.per_second,
        "requests/s",
        against=f"a bare DRF view, {bare.per_second:.0f}/s",
        baseline=bare.per_second,
        bound=0.4,
    )
    yield at_most("confirming a booking, p99", ours.percentile_ms(0.99), "ms", 80)


def a_round(port: int, visits: Iterator[tuple[str, str]], count: int) -> Load:
    """Confirm so many visits, each by the patient whose token comes with it."""
    requests = [
        request_bytes(
            "POST",
            f"/v1/visits/{visit}/confirm",
            {
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": visit,
                "If-Match": '"1"',
                "Accept": "application/json",
            },
            b"{}",
            port=port,
        )
        for visit, token in (next(visits) for _ in range(count))
    ]
    return run(port, requests, connections=CONNECTIONS)


def added(total: Load, load: Load) -> None:
    """Add what a round came to."""
    total.seconds += load.seconds
    total.elapsed_s += load.elapsed_s
    for status, count in load.statuses.items():
        total.statuses[status] = total.statuses.get(status, 0) + count
