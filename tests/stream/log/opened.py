"""How the suite opens a log and looks into it: what every part of `LogContract` stands on."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from stream.log.batch import RecordBatch
    from stream.log.seam import Log, Producer, Subscription

    Unique = Callable[[str], str]
    MakeTopic = Callable[..., str]

NOW = 1_700_000_000_000
CRASH = Path(__file__).with_name("crash.py")


class OpenedLog:
    """What a subclass says of its log: the fixture `url`, these flags, and two methods.

    `open_again` may be overridden (another way of the same client); `break_commit` has to be.
    """

    takes_several_members: ClassVar[bool]  # or the second one of a group is refused
    writes_before_the_commit: ClassVar[bool]  # so that an open transaction can be waited for
    carries_nothing: ClassVar[bool] = True  # records without key and value, null headers
    patience_seconds: ClassVar[float] = 30

    def open_again(self, url: str) -> Log:
        """Another handle on the same log, as another process would have."""
        return open_log(url)

    def break_commit(self, producer: Producer) -> AbstractContextManager[None]:
        """Within the block everything seems to go well, and a commit of `producer` fails."""
        raise NotImplementedError

    @pytest.fixture
    def log(self, url: str) -> Iterator[Log]:
        with self.open_again(url) as log:
            yield log

    @pytest.fixture
    def unique(self) -> Unique:
        """A name that no other test has, and no other run."""
        run = uuid.uuid4().hex[:12]
        return lambda name: f"contract.{run}.{name}"

    @pytest.fixture
    def make_topic(self, log: Log, unique: Unique) -> MakeTopic:
        """Creates a topic; what is old stays, so that no test depends on the day."""

        def make(name: str = "topic", partitions: int = 1, **configs: str) -> str:
            settings = {"retention.ms": "-1"}
            settings |= {key.replace("_", "."): value for key, value in configs.items()}
            log.create_topics([TopicSpec(unique(name), partitions, settings)])
            return unique(name)

        return make

    def write(self, log: Log, topic: str, records: Sequence[Record], partition: int = 0) -> None:
        """In one append, without a transaction."""
        with log.writer() as writer:
            writer.append(topic, partition, Records.of(records))
            writer.flush()

    def settled(self, log: Log, topic: str) -> dict[int, int]:
        return {
            partition: log.settled_end(topic, partition, self.patience_seconds)
            for partition in range(log.partitions(topic))
        }

    def read(
        self, log: Log, topic: str, starts: Mapping[int, int] | None = None
    ) -> dict[int, list[tuple[int, Record]]]:
        """Everything that was decided by now, with its offsets, by partition."""
        ends = self.settled(log, topic)
        first = starts or {partition: b.start for partition, b in log.bounds(topic).items()}
        found: dict[int, list[tuple[int, Record]]] = {partition: [] for partition in first}
        with log.reader(topic, first) as reader:

            def at_the_end() -> bool:
                for batch in reader.poll(0.2):
                    found[batch.partition] += list(batch)
                return all(at >= ends[number] for number, at in reader.positions().items())

            until(at_the_end, f"the end of {topic}", self.patience_seconds)
        return found

    def values(self, log: Log, topic: str, partition: int = 0) -> list[bytes | None]:
        return [record.value for _, record in self.read(log, topic)[partition]]

    def join(self, log: Log, topic: str, group: str, member: str) -> tuple[Subscription, Noted]:
        """A member of a group that has been told its partitions."""
        noted = Noted()
        subscription = log.subscribe(topic, group, member, noted)
        until(
            lambda: subscription.poll(0.2) == [] and bool(noted.partitions),
            "partitions to be assigned",
            self.patience_seconds,
        )
        return subscription, noted

    def poll_until(
        self, subscription: Subscription, enough: Callable[[list[Record]], bool]
    ) -> list[Record]:
        """What the subscription brings until it is enough."""
        records: list[Record] = []

        def polled() -> bool:
            records.extend(in_order(subscription.poll(0.2)))
            return enough(records)

        until(polled, "records", self.patience_seconds)
        return records

    @contextmanager
    def process(self, url: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """`crash.py` after it did what it was asked to; killed in the end, or when it is late."""
        with subprocess.Popen(
            [sys.executable, str(CRASH), url, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            too_late = threading.Timer(2 * self.patience_seconds, child.kill)
            too_late.start()
            try:
                assert child.stdout is not None
                assert child.stdout.readline() == "ready\n", "the other process failed"
                yield child
            finally:
                too_late.cancel()
                child.kill()


class Noted:
    """A listener that keeps which partitions it has."""

    def __init__(self) -> None:
        self.partitions: set[int] = set()

    def assigned(self, partitions: Sequence[int]) -> None:
        self.partitions.update(partitions)

    def revoked(self, partitions: Sequence[int]) -> None:
        self.partitions.difference_update(partitions)

    def lost(self, partitions: Sequence[int]) -> None:
        self.partitions.difference_update(partitions)


def numbered(count: int, start: int = 0) -> list[Record]:
    return [Record(b"k%d" % i, b"v%d" % i, NOW + i) for i in range(start, start + count)]


def in_order(batches: Sequence[RecordBatch]) -> list[Record]:
    return [record for batch in batches for _, record in batch]


def value_of(records: Sequence[Record]) -> list[bytes | None]:
    return [record.value for record in records]
