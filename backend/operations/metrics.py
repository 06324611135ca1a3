"""Prometheus metrics, read from the database at each scrape: every process tells the same."""

from collections.abc import Iterator
from datetime import datetime
from math import inf, nan

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.operations.readiness import Readiness, readiness
from backend.operations.trail import TrailState
from backend.retention.queries import newest_review


class _Found(Collector):
    def __init__(self, found: Readiness) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "suhada_database_up", "1 when the database answers.", float(self.found.database)
        )
        yield _gauge("suhada_broker_up", "1 when the broker answers.", float(self.found.broker))
        yield _gauge(
            "suhada_oldest_due_reminder_seconds",
            "Age of the oldest follow-up that is due and not done.",
            self.found.oldest_due_reminder_seconds or 0.0,
        )
        yield _gauge(
            "suhada_oldest_unsent_event_seconds",
            "Age of the oldest event that has not been handed over.",
            self.found.oldest_unsent_event_seconds or 0.0,
        )
        if self.found.trail:
            yield from _of_trail(self.found.trail)
        if self.found.database and (review := newest_review()):
            yield _gauge(
                "suhada_retention_ended_patients",
                "Patients whose retention period was over at the last daily look. A person erases.",
                float(review.ended),
            )
            yield _gauge(
                "suhada_retention_held_patients",
                "Those of them whom a legal hold keeps.",
                float(review.held),
            )


def _of_trail(trail: TrailState) -> Iterator[Metric]:
    """What never happened is infinitely long ago; a verdict that there is not is no number."""
    yield _gauge(
        "suhada_audit_unsealed_age_seconds",
        "Age of the oldest audit record that is not sealed yet. Alert above 60.",
        trail.unsealed_age_seconds or 0.0,
    )
    yield _gauge("suhada_audit_tree_size", "Audit records that are sealed.", float(trail.tree_size))
    yield _gauge(
        "suhada_audit_sealer_last_run_age_seconds",
        "Time since the sealer looked. Alert above 60.",
        _or(inf, trail.sealer_last_run_age_seconds),
    )
    yield _gauge(
        "suhada_audit_last_verification_age_seconds",
        "Time since the whole trail was verified. Alert above 129600 (36 hours).",
        _or(inf, trail.last_verification_age_seconds),
    )
    yield _gauge(
        "suhada_audit_last_verification_sound",
        "1 when that verification found nothing. Alert at 0.",
        _or(nan, trail.last_verification_sound),
    )
    yield _gauge(
        "suhada_audit_guarded_by_roles",
        "1 when the database itself refuses this service every change of the trail.",
        float(trail.is_guarded_by_roles),
    )


def _or(otherwise: float, value: float | None) -> float:
    return otherwise if value is None else float(value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def exposition(now: datetime) -> bytes:
    """The metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Found(readiness(now)))
    return bytes(generate_latest(registry))
