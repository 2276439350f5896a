"""A named member of a Kafka consumer group.

Its partitions stand still until they are started: whoever owns one restores first. Each
poll that leaves the group stable is remembered, because a transaction has to be sent
with the membership its input was read under, not with whatever holds by then.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka import ConsumerRebalanceListener, TopicPartition, errors
from kafka.coordinator.base import MemberState

from stream.errors import Fenced, LogError
from stream.log.kafka.closed_once import ClosedOnce
from stream.log.kafka.joining import Joining
from stream.log.kafka.reading import Polling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stream.log.batch import RecordBatch
    from stream.log.kafka.client import Clients
    from stream.log.kafka.topics import Topics
    from stream.log.kafka.way import Way
    from stream.log.seam import Listener

GROUP = {
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 2_000,
}


@dataclass(frozen=True, slots=True)
class KafkaMembership:
    """Group, generation and member, and the partitions they had."""

    topic: str
    metadata: Any
    partitions: frozenset[int]

    @property
    def member(self) -> str:
        return str(self.metadata.member_id)


class KafkaSubscription(ClosedOnce):
    def __init__(
        self,
        clients: Clients,
        topics: Topics,
        way: Way,
        topic: str,
        group: str,
        member: str,
        listener: Listener,
    ) -> None:
        self._clients, self._topics = clients, topics
        self._topic, self._group, self._member = topic, group, member
        names = {"group_id": group, "group_instance_id": member}
        self._joining = Joining(listener)
        assignors = [self._joining]
        self._polling = Polling(
            clients, topics, way, topic, partition_assignment_strategy=assignors, **names, **GROUP
        )
        self._consumer = self._polling.consumer
        self._joining.of(self._consumer)
        self._started: set[int] = set()
        self._membership: KafkaMembership | None = None
        self._consumer.subscribe([topic], listener=Rebalance(self, listener))

    def poll(self, timeout: float) -> list[RecordBatch]:
        self._has_to_be_open()
        self._joining.before_a_poll()
        try:
            batches = self._polling.poll(timeout)
        except LogError as error:
            if isinstance(error.__cause__, errors.FencedInstanceIdError):
                raise self._replaced() from error
            raise
        if self._joining.is_replaced():
            raise self._replaced()
        self._remember()
        return batches

    def start(self, partition: int, position: int) -> None:
        place = self._polling.place(partition)
        if place not in self._consumer.assignment():
            raise LogError(f"{self._topic}[{partition}] is not assigned to {self._member}")
        self._consumer.seek(place, position)
        self._consumer.resume(place)
        self._started.add(partition)

    def pause(self, partitions: Sequence[int]) -> None:
        self._consumer.pause(*map(self._polling.place, partitions))

    def resume(self, partitions: Sequence[int]) -> None:
        self._consumer.resume(*map(self._polling.place, self._started.intersection(partitions)))

    def membership(self) -> KafkaMembership:
        if self._membership is None:
            raise LogError(f"{self._member} has not joined group {self._group} yet: poll first")
        return self._membership

    def lag(self) -> dict[int, int]:
        places = [self._polling.place(partition) for partition in sorted(self._started)]
        with self._clients.translated(self._topic):
            ends = self._consumer.end_offsets(places) if places else {}
        return {
            place.partition: max(0, end - self._polling.position(place.partition))
            for place, end in ends.items()
        }

    def _release(self) -> None:
        """Leaves for good: a named member otherwise stays until its session runs out.

        Whoever has the name by now is another member, and is not taken along.
        """
        member_id = self._consumer.group_metadata().member_id or (
            self._membership.member if self._membership else ""
        )
        self._polling.close()
        if not member_id:
            return
        try:
            self._topics.remove_member(self._group, self._member, member_id)
        except LogError as error:  # it may be gone already: then there is nothing to leave
            logging.getLogger(__name__).debug("left %s: %s", self._group, error)

    def assigned(self, places: Iterable[TopicPartition]) -> list[int]:
        """Holds new partitions still; called while a poll rebalances."""
        for place in places:
            self._consumer.seek(place, 0)  # a place to stand on, so that nobody looks for one
            self._consumer.pause(place)
        return sorted(place.partition for place in places)

    def gone(self, places: Iterable[TopicPartition]) -> list[int]:
        partitions = sorted(place.partition for place in places)
        self._started.difference_update(partitions)
        return partitions

    def _replaced(self) -> Fenced:
        return Fenced(
            f"another process joined group {self._group} as {self._member}: "
            "this one has to stop, or take a name of its own"
        )

    def _remember(self) -> None:
        metadata = self._consumer.group_metadata()
        if metadata.state is MemberState.STABLE:
            held = frozenset(place.partition for place in self._consumer.assignment())
            self._membership = KafkaMembership(self._topic, metadata, held)


class Rebalance(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python has no types
    """Hands kafka-python's callbacks on to the listener."""

    def __init__(self, subscription: KafkaSubscription, listener: Listener) -> None:
        self._subscription, self._listener = subscription, listener

    def on_partitions_assigned(self, assigned: Any) -> None:
        self._listener.assigned(self._subscription.assigned(assigned))

    def on_partitions_revoked(self, revoked: Any) -> None:
        self._listener.revoked(self._subscription.gone(revoked))

    def on_partitions_lost(self, lost: Any) -> None:
        self._listener.lost(self._subscription.gone(lost))


def committed(clients: Clients, topics: Topics, group: str, topic: str) -> dict[int, int]:
    """A group's positions, once none of them hangs on an open transaction.

    Read as `read_committed`: then the broker is asked for decided positions only, and
    kafka-python asks again until there are no undecided ones.
    """
    with clients.translated(topic):
        consumer = clients.consumer(
            group_id=group, isolation_level="read_committed", enable_auto_commit=False
        )
        with closing(consumer):
            places = [TopicPartition(topic, part) for part in range(topics.facts(topic).partitions)]
            found = {place.partition: consumer.committed(place) for place in places}
    return {partition: position for partition, position in found.items() if position is not None}
