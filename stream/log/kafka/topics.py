"""Topics of a cluster: made, compared, measured and cut, through the admin client."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka import IsolationLevel, OffsetSpec, TopicPartition, errors
from kafka.admin import ConfigResource, ConfigResourceType

from stream.errors import PositionOutOfRange
from stream.log.kafka.client import Clients, missing
from stream.log.kafka.closed_once import ClosedOnce
from stream.log.kafka.fencing import holder_of
from stream.log.seam import Bounds, TopicDifference, TopicSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

READY_WITHIN_MS = 30_000
GONE_WITHIN_SECONDS = 10.0
GONE_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What writing to a topic has to know of it."""

    partitions: int
    max_message_bytes: int


class Topics(ClosedOnce):
    """The admin client's part of a Kafka log."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._client = clients.admin()
        self._facts: dict[str, TopicFacts] = {}

    @property
    def _admin(self) -> Any:
        self._has_to_be_open()
        return self._client

    def _release(self) -> None:
        self._client.close()

    def create(self, topics: Sequence[TopicSpec]) -> list[TopicDifference]:
        with self._clients.translated():
            here = self._partition_counts([topic.name for topic in topics])
            absent = [topic for topic in topics if topic.name not in here]
            if absent:
                self._create_absent(absent)
            present = [topic for topic in topics if topic.name in here]
            return self._differences(present, here) if present else []

    def specs(self) -> list[TopicSpec]:
        with self._clients.translated():
            counts = self._partition_counts(None)
            configs = self._configs(counts, "modified")
            return [TopicSpec(name, counts[name], configs[name]) for name in sorted(counts)]

    def delete(self, names: Sequence[str]) -> None:
        for name in names:
            with self._clients.translated(name):
                self._admin.delete_topics([name])
        self._wait_until_gone(names)
        for name in names:
            self._facts.pop(name, None)

    def facts(self, topic: str) -> TopicFacts:
        """Remembered: a topic's partitions and limit don't change under a running writer."""
        if topic not in self._facts:
            with self._clients.translated(topic):
                count = self._partition_counts([topic]).get(topic)
                if count is None:
                    raise missing(topic)
            self._facts[topic] = TopicFacts(count, self.max_message_bytes(topic))
        return self._facts[topic]

    def max_message_bytes(self, topic: str) -> int:
        """A topic that is just being deleted still has partitions, and no settings any more."""
        with self._clients.translated(topic):
            limit = self._configs([topic], "all").get(topic, {}).get("max.message.bytes")
        if limit is None:
            raise missing(topic)
        return int(limit)

    def bounds(self, topic: str) -> dict[int, Bounds]:
        starts = self._offsets(topic, OffsetSpec.EARLIEST)
        ends = self._offsets(topic, OffsetSpec.LATEST)
        return {partition: Bounds(starts[partition], end) for partition, end in ends.items()}

    def written_end(self, topic: str, partition: int) -> int:
        """How far the partition is written, decided or not."""
        uncommitted = IsolationLevel.READ_UNCOMMITTED
        return self._offsets(topic, OffsetSpec.LATEST, uncommitted)[partition]

    def positions_at(self, topic: str, timestamp: int) -> dict[int, int]:
        ends = self._offsets(topic, OffsetSpec.LATEST)
        found = self._offsets(topic, timestamp)
        return {part: at if at >= 0 else ends[part] for part, at in found.items()}

    def truncate(self, topic: str, partition: int, before: int) -> None:
        start, end = self.bounds(topic)[partition]
        if before > end:  # the broker would say no more than "out of range"
            raise PositionOutOfRange(topic, partition, before, start=start, end=end)
        with self._clients.translated(topic):
            self._admin.delete_records({TopicPartition(topic, partition): before})

    def holder(self, name: str) -> tuple[int, int] | None:
        """See `fencing.holder_of`."""
        with self._clients.translated():
            return holder_of(self._admin, name)

    def remove_member(self, group: str, instance: str, member_id: str) -> None:
        """A named member leaves at once, not when its session runs out; where another has its
        name by now, nobody does."""
        from kafka.admin import MemberToRemove

        with self._clients.translated():
            self._admin.remove_group_members(group, [MemberToRemove(member_id, instance)])

    def _wait_until_gone(self, names: Sequence[str]) -> None:
        """A broker goes on telling of a topic for a moment, and what it tells is remembered."""
        until = time.monotonic() + GONE_WITHIN_SECONDS
        with self._clients.translated():
            while names and self._partition_counts(names) and time.monotonic() < until:
                time.sleep(GONE_POLL_SECONDS)

    def _offsets(
        self, topic: str, spec: Any, isolation: Any = IsolationLevel.READ_COMMITTED
    ) -> dict[int, int]:
        wanted = {TopicPartition(topic, part): spec for part in range(self.facts(topic).partitions)}
        with self._clients.translated(topic):
            found = self._admin.list_partition_offsets(wanted, isolation_level=isolation)
        return {place.partition: place_at.offset for place, place_at in found.items()}

    def _create_absent(self, topics: Sequence[TopicSpec]) -> None:
        wanted = {
            topic.name: {
                "num_partitions": topic.partitions,
                "replication_factor": topic.replication_factor or -1,
                "configs": dict(topic.configs),
            }
            for topic in topics
        }
        with suppress(errors.TopicAlreadyExistsError):  # somebody else was quicker
            self._admin.create_topics(wanted)
        self._admin.wait_for_topics(list(wanted), timeout_ms=READY_WITHIN_MS)

    def _differences(
        self, topics: Sequence[TopicSpec], counts: dict[str, int]
    ) -> list[TopicDifference]:
        configs = self._configs([topic.name for topic in topics], "all")
        wanted = [
            (topic.name, setting, str(value))
            for topic in topics
            for setting, value in {"partitions": topic.partitions, **topic.configs}.items()
        ]
        is_now = {name: {**configs[name], "partitions": str(counts[name])} for name in configs}
        return [
            TopicDifference(name, setting, is_now[name].get(setting, "not known"), value)
            for name, setting, value in wanted
            if is_now[name].get(setting) != value
        ]

    def _partition_counts(self, names: Sequence[str] | None) -> dict[str, int]:
        described = self._admin.describe_topics(None if names is None else list(names))
        return {
            topic["name"]: len(topic["partitions"])
            for topic in described
            if topic["error_code"] == 0 and not topic["is_internal"]
        }

    def _configs(self, names: Iterable[str], which: str) -> dict[str, dict[str, str]]:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        if not resources:
            return {}
        found = self._admin.describe_configs(resources, config_filter=which)["topic"]
        return {
            name: {setting: str(entry["value"]) for setting, entry in entries.items()}
            for name, entries in found.items()
        }
