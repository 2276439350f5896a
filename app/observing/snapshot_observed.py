"""A snapshot job's process as it is looked at: registry, health, metrics and server."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.observing.drift_metrics import DriftMetrics
from app.observing.health import Health
from app.observing.registry import process_registry
from app.observing.server import served
from app.observing.textfile import write_textfile
from snapshot.job import Taken
from stream.contracts.instant import milliseconds
from stream.metrics import snapshots
from stream.metrics.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from prometheus_client import CollectorRegistry

    from app.stopping import Stopping
    from snapshot.job import WasMissed
    from stream.contracts.drift import DriftReport


class SnapshotsObserved:
    """Told by the job of each snapshot, and of each of its turns."""

    port: int | None = None
    """Where it is served, None where it isn't."""

    def __init__(
        self,
        registry: CollectorRegistry,
        health: Health,
        on_report: Callable[[DriftReport], None] = lambda _: None,
        textfile: Path | None = None,
    ) -> None:
        self._registry, self._textfile = registry, textfile
        self._instruments = Instruments(registry, snapshots.SNAPSHOT_METRICS)
        self._health, self._on_report = health, on_report

    def waits_for(self, *what: str) -> None:
        """The job has come round; without words it waits for nothing."""
        self._health.turned(waits_for=what)

    def taken(self, step: Taken | WasMissed, seconds: float) -> None:
        """A snapshot was published, or that one was missed."""
        self._show(step, seconds)
        if self._textfile is not None:
            write_textfile(self._textfile, self._registry)

    def _show(self, step: Taken | WasMissed, seconds: float) -> None:
        if not isinstance(step, Taken):
            self._instruments.add(snapshots.MISSED, 1)
            return
        report = step.reconciled.report
        self._instruments.add(snapshots.MISSED, len(step.passed_over))
        self._instruments.add(snapshots.SNAPSHOTS, 1, str(report.decision.outcome))
        self._instruments.observe(snapshots.SECONDS, seconds)
        self._instruments.set(snapshots.INSTANT, milliseconds(report.instant) / 1000)
        self._on_report(report)


@contextmanager
def snapshots_observed(
    *, port: int | None, host: str, stopping: Stopping, textfile: Path | None = None
) -> Iterator[SnapshotsObserved]:
    """Serves while the block runs, and writes the file after each snapshot."""
    registry = process_registry()
    health = Health(stopping.seconds)
    observed = SnapshotsObserved(registry, health, DriftMetrics(registry).show, textfile)
    with served(registry, health, port=port, host=host) as at:
        observed.port = at
        yield observed
