"""How far a session has come: what it waits for, how far behind it is, whether it is at the end.

What is asked of the log here is asked seldom: each question is a round trip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import LogUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.worker.assignment import Assignment
    from consumers.worker.setting import Setting
    from stream.log.seam import Subscription


class Progress:
    """Of one session. `ends` are the offsets to read to, or None where there is no end."""

    def __init__(
        self,
        setting: Setting,
        subscription: Subscription,
        assignment: Assignment,
        ends: Mapping[int, int] | None,
    ) -> None:
        self._rules, self._clock, self._observer = setting.rules, setting.clock, setting.observer
        self._subscription, self._assignment, self._ends = subscription, assignment, ends
        self._told_at = -float("inf")

    def tell(self, *, is_member: bool) -> None:
        waits_for = self._assignment.waits_for()
        self._observer.turned(waits_for if is_member or waits_for else ["a place in the group"])
        if self._clock.seconds() - self._told_at >= self._rules.lag_seconds:
            self._told_at = self._clock.seconds()
            self._observer.behind(self._uncommitted())

    def ticks(self, now_ms: int) -> set[int]:
        """Partitions to tick. A reading with an end writes none: it is no owner of the present."""
        if self._ends is not None:
            return set()
        held = self._assignment.held.items()
        wanted = {partition for partition, one in held if one.wants_tick(now_ms)}
        if not wanted:
            return set()
        behind = self._behind()
        return {partition for partition in wanted if behind.get(partition) == 0}

    def is_all_read(self) -> bool:
        """Whether every partition of ours was read to its noted end, commit marks included."""
        held = self._assignment.held
        if self._ends is None or not held or not self._assignment.is_complete:
            return False
        unread = [p for p, one in held.items() if one.task.position < self._ends[p]]
        if not unread:
            return True
        now_ms = self._clock.now_ms()
        if any(not held[partition].is_silent(now_ms) for partition in unread):
            return False
        behind = self._behind()
        return all(behind.get(partition) == 0 for partition in unread)

    def _uncommitted(self) -> dict[int, int]:
        held = self._assignment.held
        return {
            partition: behind + held[partition].task.position - held[partition].committed
            for partition, behind in self._behind().items()
            if partition in held
        }

    def _behind(self) -> dict[int, int]:
        """How far reading is behind the log's end; nothing while the log can't say."""
        try:
            return self._subscription.lag()
        except LogUnavailable:
            return {}
