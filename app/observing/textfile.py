"""Metrics as a file that node_exporter reads: for a job that ends before anybody scrapes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import write_to_textfile
from prometheus_client.registry import Collector

from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

SUFFIX = ".prom"
OURS = "shoal_"


def require_textfile(file: Path) -> None:
    """Before the work, not after it."""
    if file.suffix != SUFFIX:
        raise SettingsError(f"--textfile {file} should end with {SUFFIX}: others are not read")
    if not file.parent.is_dir():
        raise SettingsError(f"--textfile {file}: there is no folder {file.parent}: make it")


def write_textfile(file: Path, registry: CollectorRegistry) -> None:
    """At once or not at all: who reads meanwhile has the file before this one."""
    try:
        write_to_textfile(str(file), _Ours(registry))
    except OSError as error:
        raise SettingsError(f"--textfile {file} can't be written: {error.strerror}") from None


class _Ours(Collector):
    """Without the process's own figures: the exporter has some under the same names."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        return (one for one in self._registry.collect() if one.name.startswith(OURS))
