"""When what was folded is committed, and what is noted once it is.

Folding goes on while a commit is in flight, up to as many events as one commit stands for;
what is folded meanwhile waits for a commit of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.worker.pace import Pace

if TYPE_CHECKING:
    from consumers.worker.assignment import Assignment
    from consumers.worker.committing import Committed, Committer
    from consumers.worker.progress import Progress
    from consumers.worker.setting import Setting
    from stream.log.seam import Membership

BUSY_SECONDS = 0.005
SOON_SECONDS = 0.001


class Commits:
    """The pace of one session. Belongs to the worker's thread."""

    def __init__(
        self, setting: Setting, committer: Committer, assignment: Assignment, progress: Progress
    ) -> None:
        self._rules, self._clock, self._observer = setting.rules, setting.clock, setting.observer
        self._committer, self._assignment = committer, assignment
        self._progress = progress
        self._pace = Pace(setting.rules.commit_ms / 1000)
        self._events = 0
        self.has_committed = False
        """Whether any commit of this session has happened."""

    def folded(self, events: int) -> None:
        """All that one turn brought."""
        self._pace.came(self._clock.seconds())
        self._events += events

    def due_within(self) -> float:
        """How long nothing has to be done here; infinity where nothing waits to be committed."""
        if not self._events:
            return float("inf")
        left = self._pace.left(self._clock.seconds())
        return max(left, SOON_SECONDS if self._committer.is_idle else BUSY_SECONDS)

    def note(self) -> None:
        """How the commit in flight ended: raised where it failed. Then cuts what may be cut."""
        committed = self._committer.finished()
        if committed is not None:
            self._note(committed)
        held = self._assignment.held
        cuts = {partition: one.cut for partition, one in held.items() if one.cut is not None}
        if cuts and self._committer.reserve():
            self._committer.cut(cuts)
            for partition in cuts:
                held[partition].cut = None

    def commit_if_due(self, membership: Membership | None) -> None:
        """After `commit_ms`, or when it is much; at once where a tick or an erasure is due."""
        is_full = self._events >= self._rules.most_events
        if is_full and not self._committer.is_held:
            self._committer.settle()
            self.note()
        if membership is None or not self._committer.is_idle:
            return
        now_ms = self._clock.now_ms()
        ticks, held = self._progress.ticks(now_ms), self._assignment.held.values()
        is_time = is_full or self._pace.is_time(self._clock.seconds())
        has_output = is_time and any(one.has_output for one in held)
        if has_output or ticks or any(one.wants_erasure(now_ms) for one in held):
            self._commit(membership, now_ms, ticks)

    def finish(self, membership: Membership | None) -> None:
        """Commits all that was folded, unless a rebalance is under way: then it is folded again."""
        self._settle()
        self._settle()  # a cut that the first has begun
        has_output = any(one.has_output for one in self._assignment.held.values())
        if has_output and membership is not None:
            self._commit(membership, self._clock.now_ms(), set())
            self._settle()

    def _settle(self) -> None:
        self._committer.settle()
        self.note()

    def _commit(self, membership: Membership, now_ms: int, ticks: set[int]) -> None:
        """Ends the blocks of every task with output, and hands them over where it is our turn."""
        if not self._committer.reserve():
            return
        try:
            self._pace.began(self._clock.seconds())
            self._events = 0
            held = self._assignment.held.items()
            asked = [one.share(now_ms, with_tick=partition in ticks) for partition, one in held]
        except BaseException:
            self._committer.give_back()
            raise
        self._committer.begin([share for share in asked if share is not None], membership)

    def _note(self, committed: Committed) -> None:
        """A partition that went meanwhile has no task here to note it, but it was written."""
        self.has_committed = True
        now_ms = self._clock.now_ms()
        for share in committed.shares:
            held = self._assignment.held.get(share.partition)
            if held is not None:
                held.commit_happened(committed.checkpoints.get(share.partition), now_ms)
        written = [share.written for share in committed.shares if share.written is not None]
        self._observer.committed(written, committed.seconds)
