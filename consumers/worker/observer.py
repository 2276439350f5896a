"""Who looks on while a worker works: metrics, health, tests. The worker knows none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consumers.worker.partition_task import Output, PartitionTask
    from stream.errors import ShoalError


class Written(NamedTuple):
    """One partition's part in a commit that happened."""

    task: PartitionTask
    """By now it may have taken more than was committed."""

    output: Output
    outcomes: Mapping[str, int]
    """The task's outcomes as of this commit."""

    block_bytes: int


class Observer(Protocol):
    """Told what happened, on the worker's own thread, one call after the other.

    Tasks may be read within a call, and not later. Each call has to be quick, and raise nothing.
    """

    def turned(self, waits_for: Sequence[str]) -> None:
        """The loop came round. It is ready where it waits for nothing; else these, in words."""
        ...

    def folded(self, task: PartitionTask, records: int, seconds: float) -> None:
        """A task took a batch of so many records, which took it so long."""
        ...

    def committed(self, written: Sequence[Written], seconds: float) -> None:
        """A transaction happened: from its first record to the log's word that it did."""
        ...

    def failed(self, error: ShoalError) -> None:
        """A commit did not happen, or the log went away: every task is dropped and restored."""
        ...

    def restored(self, task: PartitionTask, seconds: float) -> None:
        """A partition's task is there, so long after the partition was assigned."""
        ...

    def dropped(self, partition: int) -> None:
        """A partition and its task are this worker's no more."""
        ...

    def behind(self, records: Mapping[int, int]) -> None:
        """By partition, the records in the log that are not yet committed by its task."""
        ...


class Silent:
    """An observer who doesn't look."""

    def turned(self, waits_for: Sequence[str]) -> None: ...
    def folded(self, task: PartitionTask, records: int, seconds: float) -> None: ...
    def committed(self, written: Sequence[Written], seconds: float) -> None: ...
    def failed(self, error: ShoalError) -> None: ...
    def restored(self, task: PartitionTask, seconds: float) -> None: ...
    def dropped(self, partition: int) -> None: ...
    def behind(self, records: Mapping[int, int]) -> None: ...
