"""One snapshot job at a time under a prefix: who comes second waits, or leaves.

A place in a consumer group of one partition. It only keeps two jobs out of each other's way: what
keeps a stale one from publishing is the publisher's name, which the newest has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.seam import Log
    from stream.topics import Topics


def jobs_group(topics: Topics) -> str:
    """The group whose one place a job has while it works."""
    return f"{topics.prefix}snapshot-jobs"


class Turn(ClosingMixin):
    """A member's wait for its turn, and then the turn itself, until closed.

    The embedded log has no waiting: `GroupBusy` where another process has the turn.
    """

    def __init__(self, log: Log, topics: Topics, member: str) -> None:
        self._held: set[int] = set()
        self._subscription = log.subscribe(topics.models, jobs_group(topics), member, self)

    def is_ours(self, wait_seconds: float = 0.0) -> bool:
        """Whether it is our turn by now. To be asked every few minutes at least: who doesn't ask
        is taken for dead."""
        self._subscription.poll(wait_seconds)
        return bool(self._held)

    def assigned(self, partitions: Sequence[int]) -> None:
        self._held.update(partitions)

    def revoked(self, partitions: Sequence[int]) -> None:
        self._held.difference_update(partitions)

    def lost(self, partitions: Sequence[int]) -> None:
        self.revoked(partitions)

    def close(self) -> None:
        self._subscription.close()
