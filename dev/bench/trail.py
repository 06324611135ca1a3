"""The audit trail: sealed, verified and proven by the million; and what it costs a booking."""

from collections.abc import Iterator
from typing import Any

from dev.bench.booking import A_ROUND, OURS, ROUNDS, WARM, a_round, added
from dev.bench.figures import Figure, at_least, at_most, ratio_at_least
from dev.bench.load import Load
from dev.bench.web import bench

RECORDS = 1_000_000
SILENT = "dev.bench.silent_settings"


def measure() -> Iterator[Figure]:
    """Sealing and verifying, and PostgreSQL that only hashes the same bytes, for comparison."""
    with bench() as place:
        place.seed("trail", str(RECORDS))
        sealed = place.seed("seal", "0")
        least = place.seed("hash", "0")
        verified = place.seed("verify", "0")
        proof = place.seed("prove", "0")
    records = sealed["leaves"]
    if verified["findings"] or not records == verified["records"] == proof["size"] >= RECORDS:
        raise RuntimeError(f"the trail is not as it should be: {sealed}, {verified}, {proof}")
    per_second = records / least["seconds"]
    yield at_least("sealing", records / sealed["seconds"], "records/s", 20_000)
    yield at_most(f"verifying {RECORDS:,} records", verified["seconds"], "s", 30)
    yield ratio_at_least(
        "verifying, a second",
        records / verified["seconds"],
        "records/s",
        against=f"PostgreSQL only hashing them, {per_second:,.0f}/s",
        baseline=per_second,
        bound=0.02,
    )
    yield at_most(f"a proof file, one record of {RECORDS:,}", proof["packed"], "bytes", 1_024)


def measure_cost() -> Iterator[Figure]:
    """Confirming a booking with the trail and without any of it, in turns; totals are compared."""
    with bench() as place:
        seeded = place.seed("booking", str(WARM + ROUNDS * A_ROUND))
        silent = place.copied("silent")
        silent.seed("silence", "0")
        whole, without = Load(), Load()
        with place.serving("ours", OURS) as port, silent.serving("silent", SILENT) as silent_port:
            sides = ((silent_port, without, _visits(seeded)), (port, whole, _visits(seeded)))
            for side_port, _load, visits in sides:
                a_round(side_port, visits, WARM)
            for _ in range(ROUNDS):
                for side_port, load, visits in sides:
                    added(load, a_round(side_port, visits, A_ROUND))
        entries = [side.seed("entries", "0")["entries"] for side in (place, silent)]
    if set(whole.statuses) != {200} or set(without.statuses) != {200}:
        raise RuntimeError(f"not all were confirmed: {whole.statuses}, {without.statuses}")
    if entries[0] < ROUNDS * A_ROUND or entries[1]:
        raise RuntimeError(f"one side is not what it should be: {entries} records of the trail")
    yield ratio_at_least(
        "confirming a booking, with the trail",
        whole.per_second,
        "requests/s",
        against=f"the same without any trail, {without.per_second:.0f}/s",
        baseline=without.per_second,
        bound=0.85,
    )


def _visits(seeded: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return iter(zip(seeded["visits"], seeded["tokens"], strict=True))
