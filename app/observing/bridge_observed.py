"""A bridge's process as it is looked at: registry, health, metrics and server."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.observing.health import Health
from app.observing.registry import process_registry
from app.observing.server import served
from stream.metrics import bridge as metrics
from stream.metrics.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry

    from app.bridging.bridge import Bridge, Step
    from app.stopping import Stopping


class BridgeObserved:
    """Told of each step, and of each time something is waited for."""

    port: int | None = None
    """Where it is served, None where it isn't."""

    def __init__(self, registry: CollectorRegistry, health: Health) -> None:
        self._instruments = Instruments(registry, metrics.BRIDGE_METRICS)
        self._health = health
        self._most_behind_ms = 0

    def waits_for(self, what: str) -> None:
        """The bridge is alive, and not ready."""
        self._health.turned(waits_for=(what,))

    def away(self) -> None:
        """Source or target don't answer."""
        self._instruments.add(metrics.OUTAGES, 1)

    def stepped(self, bridge: Bridge, step: Step, seconds: float) -> None:
        """Something came across, or there was nothing to read."""
        self._health.turned(waits_for=())
        show, crossed = self._instruments, step.crossed
        for outcome, records in crossed.records.items():
            show.add(metrics.RECORDS, records, outcome)
        for reason, records in crossed.refused.items():
            show.add(metrics.DEAD_LETTERS, records, reason)
        show.add(metrics.LINES, crossed.lines)
        show.add(metrics.LOST, sum(step.lost.values()))
        if len(crossed):
            show.observe(metrics.STEP_SECONDS, seconds)
        self._most_behind_ms = max(self._most_behind_ms, crossed.most_behind_ms)
        show.set(metrics.DISORDER, self._most_behind_ms / 1000)
        show.set(metrics.HELD, bridge.held)
        if bridge.standing.event_ms is not None:
            show.set(metrics.EVENT_TIME, bridge.standing.event_ms / 1000)
        for part, count in bridge.behind().items():
            show.set(metrics.BEHIND, count, str(part))


@contextmanager
def bridge_observed(*, port: int | None, host: str, stopping: Stopping) -> Iterator[BridgeObserved]:
    """Serves while the block runs."""
    registry = process_registry()
    health = Health(stopping.seconds)
    observed = BridgeObserved(registry, health)
    with served(registry, health, port=port, host=host) as at:
        observed.port = at
        yield observed
