"""A sink's process as it is looked at: registry, health, metrics and server."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.observing.health import Health
from app.observing.registry import process_registry
from app.observing.server import served
from stream.metrics import sink
from stream.metrics.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client import CollectorRegistry

    from app.stopping import Stopping
    from consumers.sink.sink import Step


class SinkObserved:
    """Told of each step, and of each time something is waited for."""

    port: int | None = None
    """Where it is served, None where it isn't."""

    def __init__(self, registry: CollectorRegistry, health: Health) -> None:
        self._instruments = Instruments(registry, sink.SINK_METRICS)
        self._health = health

    def waits_for(self, what: str) -> None:
        """The sink is alive, and not ready."""
        self._health.turned(waits_for=(what,))

    def away(self) -> None:
        """Database or log don't answer."""
        self._instruments.add(sink.OUTAGES, 1)

    def stepped(self, step: Step, behind: Mapping[str, int]) -> None:
        """A transaction was committed, or there was nothing to write."""
        self._health.turned(waits_for=())
        for table, rows in step.rows.items():
            self._instruments.add(sink.ROWS, rows, table)
        for topic, records in behind.items():
            self._instruments.set(sink.BEHIND, records, topic)
        if step.rows:
            self._instruments.observe(sink.SECONDS, step.seconds)
        self._instruments.add(sink.UNREADABLE, step.unreadable)


@contextmanager
def sink_observed(*, port: int | None, host: str, stopping: Stopping) -> Iterator[SinkObserved]:
    """Serves while the block runs."""
    registry = process_registry()
    health = Health(stopping.seconds)
    observed = SinkObserved(registry, health)
    with served(registry, health, port=port, host=host) as at:
        observed.port = at
        yield observed
