"""A worker's process as it is looked at: registry, health, observer and server, put together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from app.observing.health import Health
from app.observing.registry import process_registry
from app.observing.server import served
from app.observing.worker_metrics import WorkerMetrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Observed(NamedTuple):
    observer: WorkerMetrics
    """To be handed to the worker."""

    port: int | None
    """Where it is served, None where it isn't."""


@contextmanager
def observed(
    *,
    port: int | None,
    host: str,
    now_ms: Callable[[], int],
    seconds: Callable[[], float],
) -> Iterator[Observed]:
    """Serves while the block runs. Two at once, in tests, know nothing of each other."""
    registry = process_registry()
    health = Health(seconds)
    observer = WorkerMetrics(registry, health, now_ms=now_ms, seconds=seconds)
    with served(registry, health, port=port, host=host) as at:
        yield Observed(observer, at)


def port_of(worker: int, first: int | None) -> int | None:
    """Of several workers on one machine each has a port of its own, counted up from the first.

    >>> [port_of(worker, 9464) for worker in range(3)]
    [9464, 9465, 9466]
    >>> port_of(2, 0), port_of(2, None)
    (0, None)
    """
    return first + worker if first else first
