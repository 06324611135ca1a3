"""Prometheus metrics, read from the database at each scrape: every process tells the same."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.operations.readiness import Readiness, readiness


class _Found(Collector):
    def __init__(self, found: Readiness) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        values = {
            "suhada_database_up": ("1 when the database answers.", float(self.found.database)),
            "suhada_broker_up": ("1 when the broker answers.", float(self.found.broker)),
            "suhada_oldest_due_reminder_seconds": (
                "Age of the oldest follow-up that is due and not done.",
                self.found.oldest_due_reminder_seconds or 0.0,
            ),
            "suhada_oldest_unsent_event_seconds": (
                "Age of the oldest event that has not been handed over.",
                self.found.oldest_unsent_event_seconds or 0.0,
            ),
        }
        for name, (text, value) in values.items():
            yield GaugeMetricFamily(name, text, value=value)


def exposition(now: datetime) -> bytes:
    """The metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Found(readiness(now)))
    return bytes(generate_latest(registry))
