"""Observers of a worker beside its metrics: one that speaks up, and several as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.worker.observer import Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consumers.worker.observer import Observer, Written
    from consumers.worker.partition_task import PartitionTask
    from stream.errors import ShoalError


class Announcing(Silent):
    """Says once that the worker is ready, and how long that took."""

    def __init__(
        self, say: Callable[[str], None], seconds: Callable[[], float], began: float
    ) -> None:
        self._say, self._seconds = say, seconds
        self._began: float | None = began

    def turned(self, waits_for: Sequence[str]) -> None:
        if self._began is not None and not waits_for:
            self._say(f"ready after {self._seconds() - self._began:.1f} s")
            self._began = None


class Together:
    """Tells several, one after the other."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def turned(self, waits_for: Sequence[str]) -> None:
        for one in self._observers:
            one.turned(waits_for)

    def folded(self, task: PartitionTask, records: int, seconds: float) -> None:
        for one in self._observers:
            one.folded(task, records, seconds)

    def committed(self, written: Sequence[Written], seconds: float) -> None:
        for one in self._observers:
            one.committed(written, seconds)

    def failed(self, error: ShoalError) -> None:
        for one in self._observers:
            one.failed(error)

    def restored(self, task: PartitionTask, seconds: float) -> None:
        for one in self._observers:
            one.restored(task, seconds)

    def dropped(self, partition: int) -> None:
        for one in self._observers:
            one.dropped(partition)

    def behind(self, records: Mapping[int, int]) -> None:
        for one in self._observers:
            one.behind(records)
