"""Which partitions a worker has, and how far each is on its way to a running task.

A partition waits, is restored, is held. Told by the log inside a poll, often from another
thread, while the worker's own stands still in that poll.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from consumers.worker.committing import Committer
    from consumers.worker.holding import Held
    from consumers.worker.partition_task import Restored


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A restore that runs in another thread, of a partition assigned since then."""

    since: float
    future: Future[Restored]


class Assignment:
    """The listener of a worker's subscription. None of what it is told touches the log.

    `gone` hears of every partition that is this worker's no more.
    """

    def __init__(
        self, committer: Committer, gone: Callable[[int], None], seconds: Callable[[], float]
    ) -> None:
        self._committer, self._gone, self._seconds = committer, gone, seconds
        self._waiting: dict[int, float] = {}
        self._restoring: dict[int, UnderWay] = {}
        self.held: dict[int, Held] = {}

    @property
    def is_complete(self) -> bool:
        return not (self._waiting or self._restoring)

    @property
    def partitions(self) -> list[int]:
        return sorted({*self._waiting, *self._restoring, *self.held})

    def waits_for(self) -> list[str]:
        """What is still to come before every partition has its task, in words."""
        return [
            f"partition {partition} to be restored"
            for partition in sorted({*self._waiting, *self._restoring})
        ]

    def assigned(self, partitions: Sequence[int]) -> None:
        """Only notes them: restoring asks the log, which can't answer in here."""
        self._waiting.update(dict.fromkeys(partitions, self._seconds()))

    def revoked(self, partitions: Sequence[int]) -> None:
        """Begins no commit. What is in flight may still get through; the rest is dropped."""
        self._committer.settle()
        self._drop(partitions)

    def lost(self, partitions: Sequence[int]) -> None:
        """Somebody else may have them already: what is in flight is fenced."""
        self._drop(partitions)

    def joining(self) -> None:
        """A commit that the group's next generation overtakes would fail: so none is sent now."""
        self._committer.hold()

    def joined(self) -> None:
        self._committer.release()

    def start_over(self) -> None:
        """Every task is dropped, and restored: they belong to somebody else's membership."""
        partitions = self.partitions
        self._drop(partitions)
        self.assigned(partitions)

    def restore(self, executor: Executor, work: Callable[[int], Restored]) -> None:
        """Begins to restore whatever waits for it."""
        for partition, since in sorted(self._waiting.items()):
            future = executor.submit(work, partition)
            self._restoring[partition] = UnderWay(since, future)
        self._waiting.clear()

    def restored(self) -> Iterator[tuple[float, Restored]]:
        """What has come back since the last asking, and since when; raises what went wrong."""
        for partition, under_way in list(self._restoring.items()):
            if under_way.future.done():
                del self._restoring[partition]
                yield under_way.since, under_way.future.result()

    def _drop(self, partitions: Sequence[int]) -> None:
        for partition in set(self.partitions).intersection(partitions):
            self._waiting.pop(partition, None)
            under_way = self._restoring.pop(partition, None)
            if under_way is not None:
                under_way.future.cancel()
            self.held.pop(partition, None)
            self._gone(partition)
