"""How a member joins its group: told to the listener before and after, and never left half done.

kafka-python joins beside its polls, and forgets about it in two places between them; both are
made good here, on its inside, which is all that leans on it. Neither does it say when it joins,
unless partitions move; its assignor is asked right before and told right after, so it does.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import kafka
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor

from stream.log.seam import Joiner

if TYPE_CHECKING:
    from stream.log.seam import Listener


INSIDE = ("_join_task", "request_rejoin", "rejoining", "stable", "_heartbeat_enabled")
"""What this leans on in kafka-python's coordinator."""


class Joining(CooperativeStickyAssignor):  # type: ignore[misc]  # kafka-python has no types
    """Only what moves is revoked, so that the rest need not be restored."""

    _coordinator: Any = None

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._joiner = listener if isinstance(listener, Joiner) else None

    def of(self, consumer: Any) -> None:
        """Attends to this consumer, whose assignor this is.

        Where its inside has another shape nothing is made good: joining takes longer then, and a
        worker that stands still has to be restarted by hand.
        """
        coordinator = getattr(consumer, "_coordinator", None)
        if all(hasattr(coordinator, name) for name in INSIDE):
            self._coordinator = coordinator
        else:
            logging.getLogger(__name__).warning(
                "kafka-python %s joins groups in another way than Shoal knows: install "
                "'kafka-python>=3.0.12,<3.1'",
                kafka.__version__,
            )

    def before_a_poll(self) -> None:
        """The group's answer may have come since the last poll, with nobody waiting for it.

        kafka-python would ask again instead of looking: the others would have to join again,
        too, and a busy member might not get through at all.
        """
        if self._coordinator is None:
            return
        task = self._coordinator._join_task
        if task is not None and not isinstance(task, Unread):
            self._coordinator._join_task = Unread(task)

    def is_replaced(self) -> bool:
        """Whether another has the name by now.

        kafka-python hears of that when it says it is alive, stops saying so, and tells nobody.
        """
        there = self._coordinator
        if there is None or there.rejoining or there._join_task is not None:
            return False
        return bool(there.stable() and not there._heartbeat_enabled)

    def metadata(self, topics: Any) -> Any:
        """What the request to join says: it is about to be sent.

        A leader that joins because the topic's metadata has changed forgets that it does once it
        has given out the partitions. Where a poll ends just then, the next one would not go on
        joining, and the member would stand still for ever, without a heartbeat.
        """
        if self._joiner:
            self._joiner.joining()
        if self._coordinator:
            self._coordinator.request_rejoin()
        return super().metadata(topics)

    def on_assignment(self, assignment: Any, generation: Any) -> None:
        super().on_assignment(assignment, generation)
        if self._joiner:
            self._joiner.joined()


class Unread:
    """The future of an answer that counts as not there until somebody has waited for it."""

    is_done = False

    def __init__(self, future: Any) -> None:
        self.add_callback, self.add_errback = future.add_callback, future.add_errback
