"""Prometheus's objects for rows of the table, on a registry that is passed in.

Apart from the table because these hold state: what was shown, so that it can be dropped again
where a partition goes elsewhere, and what committed totals had come to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from prometheus_client import Counter, Gauge, Histogram

from stream.metrics.table import Kind, Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prometheus_client import CollectorRegistry

Labels = tuple[str, ...]
Instrument = TypeVar("Instrument", Counter, Gauge, Histogram)


class Instruments:
    """One object for each metric. One thread writes; those who scrape read beside it.

    >>> from prometheus_client import CollectorRegistry
    >>> from stream.metrics.table import FLAPS
    >>> registry = CollectorRegistry()
    >>> instruments = Instruments(registry, [FLAPS])
    >>> instruments.add(FLAPS, 2, "value")
    >>> registry.get_sample_value("shoal_flaps_total", {"lens": "value"})
    2.0
    """

    def __init__(self, registry: CollectorRegistry, metrics: Iterable[Metric]) -> None:
        self._made = {metric: _made(registry, metric) for metric in metrics}
        self._shown: dict[Metric, set[Labels]] = {metric: set() for metric in self._made}
        self._totals: dict[tuple[Metric, Labels], float] = {}

    def add(self, metric: Metric, amount: float, *labels: str) -> None:
        """Counts `amount` more."""
        self._labelled(Counter, metric, labels).inc(amount)

    def follow(self, metric: Metric, total: float, *labels: str) -> None:
        """Brings a counter to a total that is kept elsewhere and never goes back.

        Should it go back after all, the counter stays until the total has caught up: one that
        falls has been through zero, as Prometheus understands it.
        """
        before = self._totals.get((metric, labels), 0.0)
        self.add(metric, max(total - before, 0.0), *labels)
        self._totals[metric, labels] = max(total, before)

    def set(self, metric: Metric, value: float, *labels: str) -> None:
        """What a gauge shows from now on."""
        self._labelled(Gauge, metric, labels).set(value)

    def ask(self, metric: Metric, value: Callable[[], float], *labels: str) -> None:
        """What a gauge shows is found out each time somebody looks."""
        self._labelled(Gauge, metric, labels).set_function(value)

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """One more value in a histogram."""
        self._labelled(Histogram, metric, labels).observe(value)

    def counting(self, metric: Metric, *labels: str) -> Callable[[float], None]:
        """`add` for who counts so often that looking the labels up is felt."""
        return self._labelled(Counter, metric, labels).inc

    def observing(self, metric: Metric, *labels: str) -> Callable[[float], None]:
        """`observe` likewise."""
        return self._labelled(Histogram, metric, labels).observe

    def replace(self, metric: Metric, values: Mapping[Labels, float]) -> None:
        """Sets a gauge for these labels, and drops those it showed besides."""
        for labels in self._shown[metric] - set(values):
            self._drop(metric, labels)
        for labels, value in values.items():
            self.set(metric, value, *labels)

    def forget(self, label: str, value: str) -> None:
        """Drops whatever has this value in this label, in all metrics."""
        for metric in self._made:
            for labels in list(self._shown[metric]):
                if (label, value) in zip(metric.labels, labels, strict=True):
                    self._drop(metric, labels)

    def _labelled(self, kind: type[Instrument], metric: Metric, labels: Labels) -> Instrument:
        made = self._made[metric]
        if not isinstance(made, kind):
            raise TypeError(f"{metric.name} is a {metric.kind}, no {kind.__name__.lower()}")
        if not labels:
            return made
        self._shown[metric].add(labels)
        return made.labels(*labels)

    def _drop(self, metric: Metric, labels: Labels) -> None:
        self._made[metric].remove(*labels)
        self._shown[metric].discard(labels)
        self._totals.pop((metric, labels), None)


def _made(registry: CollectorRegistry, metric: Metric) -> Counter | Gauge | Histogram:
    if metric.kind is Kind.COUNTER:
        return Counter(metric.name, metric.says, metric.labels, registry=registry)
    if metric.kind is Kind.GAUGE:
        return Gauge(metric.name, metric.says, metric.labels, registry=registry)
    buckets = metric.buckets
    return Histogram(metric.name, metric.says, metric.labels, registry=registry, buckets=buckets)
