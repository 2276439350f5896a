"""A subscription: the group's one worker reads all partitions, each once it was started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import LogError
from stream.log.closing import ClosingMixin
from stream.log.embedded.groups import GroupPlace
from stream.log.embedded.reading import EmbeddedReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.batch import RecordBatch
    from stream.log.embedded.place import Place
    from stream.log.seam import Listener, Membership


class EmbeddedSubscription(ClosingMixin):
    """See `stream.log.seam.Subscription`. Nothing is ever revoked or lost here."""

    def __init__(
        self, place: Place, topic: str, group: str, member: str, listener: Listener
    ) -> None:
        self._listener = listener
        self._reader = EmbeddedReader(place, topic, {})
        try:
            self._partitions = self._reader.partitions()
            self._place = GroupPlace(place, group, topic, member)
        except BaseException:
            self._reader.close()
            raise
        self._is_assigned = False
        self._paused: set[int] = set()

    def poll(self, timeout: float) -> list[RecordBatch]:
        if not self._is_assigned:
            self._is_assigned = True
            self._listener.assigned(self._partitions)
        return self._reader.poll_of(self._reader.positions().keys() - self._paused, timeout)

    def start(self, partition: int, position: int) -> None:
        if not self._is_assigned:
            raise LogError("nothing is assigned before the first poll: poll, then start")
        self._reader.start(partition, position)

    def pause(self, partitions: Sequence[int]) -> None:
        self._paused.update(partitions)

    def resume(self, partitions: Sequence[int]) -> None:
        self._paused.difference_update(partitions)

    def membership(self) -> Membership:
        return self._place.membership

    def lag(self) -> dict[int, int]:
        return self._reader.lag()

    def close(self) -> None:
        """Leaves the group: from here on the membership fences what is still sent under it."""
        self._reader.close()
        self._place.close()
