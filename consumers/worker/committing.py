"""The commit thread: one transaction at a time, while the next batch is folded beside it.

A failed commit is a crash. It is raised to the worker's thread, which throws everything away;
nothing here is tried a second time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import zip_longest
from threading import Condition
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future

    from consumers.worker.observer import Written
    from consumers.worker.partition_task import Output
    from consumers.worker.rules import Clock
    from stream.log.batch import Records
    from stream.log.seam import Log, Membership, Producer, Transaction
    from stream.topics import Topics


@dataclass(frozen=True, slots=True)
class Share:
    """One partition's part in a commit."""

    partition: int
    position: int
    """What the input has been read to; sent even where it is what it was."""

    output: Output | None = None
    tick: Records | None = None
    written: Written | None = None
    """What is to be told of it once it has happened, whoever has the partition by then."""


class Committed(NamedTuple):
    """A commit that happened."""

    shares: Sequence[Share]
    seconds: float
    checkpoints: Mapping[int, int]
    """By partition, where its checkpoint begins on `customer-profiles`."""


class Committer:
    """Used by the worker's thread; `hold` and `release` are called from others, too.

    Who wants to commit first reserves the turn, then collects, then begins: so that nothing is
    collected that could not be sent.
    """

    def __init__(
        self, log: Log, topics: Topics, producer: Producer, clock: Clock, settled_seconds: float
    ) -> None:
        self._log, self._topics, self._producer = log, topics, producer
        self._clock, self._settled_seconds = clock, settled_seconds
        self._thread = ThreadPoolExecutor(1, "shoal-commit")
        self._job: Future[Committed | None] | None = None
        self._changed = Condition()
        self._is_taken = self._is_held = False

    @property
    def is_idle(self) -> bool:
        """Whether a turn can be had: nothing is in flight, and nobody holds commits back."""
        with self._changed:
            return not (self._is_taken or self._is_held)

    @property
    def is_held(self) -> bool:
        with self._changed:
            return self._is_held

    def reserve(self) -> bool:
        """Takes the turn, where it is free; followed by `begin` or `give_back`.

        Not before somebody has asked how the last commit ended: what nobody noted would be lost.
        """
        with self._changed:
            if self._is_taken or self._is_held or self._job is not None:
                return False
            self._is_taken = True
            return True

    def give_back(self) -> None:
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()

    def begin(self, shares: Sequence[Share], membership: Membership) -> None:
        """Commits all of it together, fenced by the membership it was folded under."""
        self._start(lambda: self._commit(shares, membership))

    def cut(self, before: Mapping[int, int]) -> None:
        """Forgets blocks before these offsets; what fails to is left for another time."""
        self._start(lambda: self._cut(before))

    def finished(self) -> Committed | None:
        """The commit that ended since the last asking, once; raises what made it fail."""
        if self._job is None or not self._job.done():
            return None
        job, self._job = self._job, None
        return job.result()

    def settle(self) -> None:
        """Waits for what is in flight; `finished` says how it ended."""
        if self._job is not None:
            wait([self._job])

    def hold(self) -> None:
        """Lets nothing begin from now on, and waits for what is in flight."""
        with self._changed:
            self._is_held = True
            self._changed.wait_for(lambda: not self._is_taken)

    def release(self) -> None:
        with self._changed:
            self._is_held = False

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _start(self, work: Callable[[], Committed | None]) -> None:
        def job() -> Committed | None:
            try:
                return work()
            finally:
                self.give_back()

        try:
            self._job = self._thread.submit(job)
        except RuntimeError:
            self.give_back()
            raise

    def _commit(self, shares: Sequence[Share], membership: Membership) -> Committed:
        """Makes everything since the last commit visible, at once or not at all.

        1. Where checkpoints are to begin: all before it is decided, and nobody else writes there.
        2. The blocks, so that state can be restored to this point.
        3. The outputs, so that nobody sees a change whose state is not there; and ticks.
        4. The position of every partition written for, fenced by the membership. Without it what
           a worker writes after it has lost a partition would go through.
        5. The end of the transaction. A failure anywhere is a crash.
        """
        began = self._clock.seconds()
        checkpoints = self._where_checkpoints_begin(shares)  # 1
        with self._producer.transaction() as transaction:
            for share in shares:
                self._write_blocks(transaction, share)  # 2
            self._write_changes(transaction, shares)  # 3
            for share in shares:
                self._write_others(transaction, share)
            positions = {share.partition: share.position for share in shares}
            transaction.advance(membership, positions)  # 4
        # 5: the block above has ended
        return Committed(shares, self._clock.seconds() - began, checkpoints)

    def _where_checkpoints_begin(self, shares: Sequence[Share]) -> dict[int, int]:
        """The bounds' end would be too early: the last commit's mark may not be written yet."""
        return {
            share.partition: self._log.settled_end(
                self._topics.profiles, share.partition, self._settled_seconds
            )
            for share in shares
            if share.output is not None and share.output.is_checkpoint
        }

    def _write_blocks(self, transaction: Transaction, share: Share) -> None:
        for records in share.output.blocks if share.output else ():
            transaction.append(self._topics.profiles, share.partition, records)

    def _write_changes(self, transaction: Transaction, shares: Sequence[Share]) -> None:
        """By turns, so that what goes to the log at once is of many partitions."""
        partitions = [share.partition for share in shares]
        changes = [share.output.changes if share.output else () for share in shares]
        for turn in zip_longest(*changes):
            for partition, records in zip(partitions, turn, strict=True):
                if records is not None:
                    transaction.append(self._topics.changes, partition, records)

    def _write_others(self, transaction: Transaction, share: Share) -> None:
        for records in share.output.dead_letters if share.output else ():
            transaction.append(self._topics.dead_letters, share.partition, records)
        if share.tick is not None:
            transaction.append(self._topics.transactions, share.partition, share.tick)

    def _cut(self, before: Mapping[int, int]) -> None:
        for partition, offset in before.items():
            self._log.truncate(self._topics.profiles, partition, offset)
