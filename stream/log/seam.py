"""The Log: everything Shoal asks of a stream, small, and the same for every log.

These docstrings are the contract; `tests/stream/log/contract.py` is its proof, run
against the embedded log and against Kafka, both through whole batches and through the
client's public way. Positions are offsets of the next record to read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from stream.log.batch import RecordBatch, Records


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it has to be; `configs` in Kafka's words (`retention.ms`, …)."""

    name: str
    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)
    replication_factor: int | None = None  # None: as the broker has it; nothing to the embedded log


class TopicDifference(NamedTuple):
    """One thing in which an existing topic is not as it has to be."""

    topic: str
    setting: str
    is_now: str
    has_to_be: str


class Bounds(NamedTuple):
    """Where a partition begins and where committed records end at this moment."""

    start: int
    end: int


class Membership(Protocol):
    """A subscription's place in its group at one moment: which member, which generation.

    Opaque. Taken after a poll, it fences everything folded from what that poll brought.
    """

    @property
    def member(self) -> str:
        """Who it is in the group: somebody else once the place was lost, whatever was told."""
        ...


class Listener(Protocol):
    """Told, inside `poll`, which partitions come and go.

    None of these may block on the log: `assigned` only notes what to restore, `revoked`
    waits for the commit under way and drops, `lost` only drops.
    """

    def assigned(self, partitions: Sequence[int]) -> None: ...
    def revoked(self, partitions: Sequence[int]) -> None: ...
    def lost(self, partitions: Sequence[int]) -> None: ...


@runtime_checkable
class Joiner(Protocol):
    """A listener that also wants to know when the group rebalances.

    Between the two the generation may change at any moment: a commit sent then may be fenced
    for nothing. They may be called from another thread, and several times.
    """

    def joining(self) -> None:
        """Before the group is asked for a place; the asking waits until this returns."""
        ...

    def joined(self) -> None:
        """The place is there; `Listener` is told next what came and went."""
        ...


class Closing(Protocol):
    """Things that hold something of the log's, and give it back when closed."""

    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Reader(Closing, Protocol):
    """Reads partitions from given positions, without a group.

    Sees committed records only, in order, each once. A position the log no longer has,
    or does not have yet, raises `PositionOutOfRange` from `poll`: nothing is skipped.
    """

    def poll(self, timeout: float) -> list[RecordBatch]:
        """What is there, as soon as something is; nothing after `timeout` seconds."""
        ...

    def positions(self) -> dict[int, int]:
        """Where reading goes on, past commit marks too: equal to the end when all is read."""
        ...


class Subscription(Closing, Protocol):
    """One member's share of a topic. Closing it leaves the group.

    A partition that was assigned brings nothing until `start` says from where.
    """

    def poll(self, timeout: float) -> list[RecordBatch]:
        """As `Reader.poll`, after telling the listener what came and went."""
        ...

    def start(self, partition: int, position: int) -> None:
        """Read `partition` from `position` on; also to go back."""
        ...

    def pause(self, partitions: Sequence[int]) -> None: ...
    def resume(self, partitions: Sequence[int]) -> None: ...

    def membership(self) -> Membership:
        """The place in the group under which the last poll ran."""
        ...

    def lag(self) -> dict[int, int]:
        """How many offsets each started partition is behind its end."""
        ...


class Transaction(Protocol):
    """Appends and positions that become visible together, or never."""

    def append(self, topic: str, partition: int, records: Records) -> None: ...

    def advance(self, membership: Membership, positions: Mapping[int, int]) -> None:
        """The subscribed topic's input positions that this transaction stands for.

        Name every partition written for, moved or not: it is what fences a zombie.
        """
        ...


class Producer(Closing, Protocol):
    """Writes transactions under a name. Only the newest process with that name can."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits at the end of the `with` block, aborts where it raises.

        Raises `Fenced` where the name has another owner by now (`GroupMovedOn` where only the
        group's generation has gone on), and `CommitFailed` for every other reason why it did
        not happen. After either, the producer is of no more use. What was never acknowledged is
        never reported as done.
        """
        ...

    def is_replaced(self) -> bool:
        """Whether another has taken the name since, as far as the log can say: asked before one
        takes it again oneself. A producer that was closed says so, too."""
        ...


class Writer(Closing, Protocol):
    """Appends without transactions: idempotent, in order, acknowledged by all replicas.

    `append` may return before the records are safe; `flush` does not. One that refuses its
    records (`RecordTooLarge`, `TopicMissing`) has written none of them, and the writer goes
    on. An append that failed for good is raised by the next `append` or `flush`, and nothing
    that was appended to that partition after it is written. Memory is bounded: `append` waits.
    """

    def append(self, topic: str, partition: int, records: Records) -> None: ...

    def flush(self) -> None: ...

    @property
    def acknowledged(self) -> int:
        """How many records are known to be safe."""
        ...


class Log(Closing, Protocol):
    """A place where topics live."""

    @property
    def name(self) -> str:
        """The log's address as it may be shown: without secrets."""
        ...

    def create_topics(self, topics: Sequence[TopicSpec]) -> list[TopicDifference]:
        """Creates what is missing and says what differs in what is there; changes nothing."""
        ...

    def topics(self) -> list[TopicSpec]:
        """Every topic that is there, sorted by name, with the configs set for it."""
        ...

    def delete_topics(self, names: Sequence[str]) -> None: ...

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has; `TopicMissing` where there is none."""
        ...

    def bounds(self, topic: str) -> dict[int, Bounds]: ...

    def positions_at(self, topic: str, timestamp: int) -> dict[int, int]:
        """For each partition the first record at or after `timestamp` (ms), else its end."""
        ...

    def settled_end(self, topic: str, partition: int, timeout: float) -> int:
        """An end that nothing undecided lies before.

        Notes how far the partition is written, committed or not, and waits until every
        transaction up to there is committed or aborted: a dead owner's hole is closed
        before a new owner reads. `LogError` after `timeout` seconds.
        """
        ...

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """The group's positions, where it has any; waits for those being decided."""
        ...

    def truncate(self, topic: str, partition: int, before: int) -> None:
        """Forgets the records before a position, for good; none where they are gone already.

        `PositionOutOfRange` beyond the end.
        """
        ...

    def reader(self, topic: str, positions: Mapping[int, int]) -> Reader: ...

    def subscribe(self, topic: str, group: str, member: str, listener: Listener) -> Subscription:
        """Joins a group as a named member; the name outlives restarts.

        `GroupBusy` where the log takes one worker a group and it is there already.
        """
        ...

    def writer(self) -> Writer: ...

    def producer(self, name: str) -> Producer:
        """Fences whoever had the name, and ends what they left open."""
        ...
