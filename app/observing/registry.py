"""The registry of a process that serves metrics: its own, with the process's figures in it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics


def process_registry() -> CollectorRegistry:
    """The times at which series were created are left out: they would double the counters."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library gives it no types
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry
