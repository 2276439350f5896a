"""What a worker asks of a task, and of whoever makes tasks; what they do inside is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stream.log.batch import RecordBatch, Records
    from stream.log.known import LastRead

NEVER = -(2**63)
"""The event time of a task that has seen no event."""


class Output(Protocol):
    """What one commit writes for one partition."""

    @property
    def changes(self) -> Iterable[Records]:
        """Made as they are asked for, in whichever thread does."""
        ...

    @property
    def dead_letters(self) -> Sequence[Records]: ...
    @property
    def blocks(self) -> Sequence[Records]: ...
    @property
    def position(self) -> int:
        """The input position that all of it stands for."""
        ...

    @property
    def is_checkpoint(self) -> bool:
        """Whether the first block replaces all that came before it."""
        ...


class PartitionTask(Protocol):
    """One partition's state. It reads no clock and no log: the worker does."""

    @property
    def partition(self) -> int: ...
    @property
    def position(self) -> int:
        """The next offset of `transactions` to read."""
        ...

    @property
    def last(self) -> LastRead | None:
        """The last record before that one, or a bit earlier, to be known again."""
        ...

    @property
    def has_output(self) -> bool:
        """Whether anything was taken since the last `collect`."""
        ...

    @property
    def pending_due_ms(self) -> int | None:
        """The event time at which the next pending order is due; None where none waits."""
        ...

    @property
    def is_live(self) -> bool:
        """Whether the last event was within an hour of its record's timestamp."""
        ...

    @property
    def event_ms(self) -> int:
        """How far event time has come; `NEVER` before the first event."""
        ...

    @property
    def promoted_ms(self) -> int | None:
        """The T of the last `Promote`, None before the first."""
        ...

    @property
    def erased_since_checkpoint(self) -> bool:
        """Whether older blocks still hold a customer who was erased."""
        ...

    @property
    def outcomes(self) -> Mapping[str, int]:
        """What became of every record read so far."""
        ...

    def take(self, batch: RecordBatch, observed_ms: int) -> None: ...

    def collect(self, observed_ms: int, *, checkpoint: bool = False) -> Output:
        """Ends the block: everything since the last one, as bytes.

        The checkpoint that is asked for is the first thing in this output, or in the next one.
        """
        ...


class Checkpoint(NamedTuple):
    """A checkpoint that lies on `customer-profiles`."""

    offset: int
    """Its first record's, or that of a commit mark just before."""

    event_ms: int
    written_ms: int
    """The clock then."""

    size: int
    """Bytes of its records."""

    stretch: int = 0
    """Bytes of the blocks from the checkpoint before it up to this one, where known."""


@dataclass(slots=True)
class BlocksThere:
    """What of a partition's blocks lies on the log, as far as is known."""

    checkpoints: list[Checkpoint] = field(default_factory=list)
    """Oldest first."""

    delta_bytes: int = 0
    """Of the deltas since the last checkpoint."""


class Restored(NamedTuple):
    """A task as its blocks left it, and what of them lies on the log."""

    task: PartitionTask
    blocks: BlocksThere


class Tasks(Protocol):
    """Makes tasks. `restored` is called off the worker's thread, for several partitions at once."""

    def new(self, partition: int, position: int) -> PartitionTask:
        """One that knows nothing, and reads from this position on."""
        ...

    def restored(self, partition: int, end: int) -> Restored | None:
        """From the blocks before this offset of `customer-profiles`; None where there are none."""
        ...
