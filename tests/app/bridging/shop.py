"""A shop's own topic, what should come of it, and a log that dies at any step."""

from __future__ import annotations

import json
import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.bridging.bridge import Bridge
from app.bridging.mapping import Mapper
from app.bridging.rules import Rules
from app.bridging.shape import shape_of
from app.bridging.standing import standing_topic
from app.bridging.times import Times
from stream.contracts.dead_letter import DeadLetter
from stream.contracts.fast import Line, decode
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of
from stream.log.seam import TopicSpec
from tests.producers.replays import everything

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.bridging.rules import Clock
    from stream.log.batch import Records as SomeRecords
    from stream.log.seam import Log, Producer, Transaction
    from stream.topics import Topics

ORDERS = "orders"
DAY_MS = 86_400_000
NOW_MS = 1_790_000_000_000
SHAPE = shape_of(
    [
        *("customer_id=user.id", "occurred_at=at", "order_id=id", "event_id=items.line"),
        *("product_id=items.sku", "quantity=items.qty", "unit_price=items.pence/100"),
    ],
    each="items",
    times=Times("ms"),
)
FLAGS = [
    *("--each", "items", "--time-format", "ms", "--map", "customer_id=user.id"),
    *("--map", "occurred_at=at", "--map", "order_id=id", "--map", "event_id=items.line"),
    *("--map", "product_id=items.sku", "--map", "quantity=items.qty"),
    *("--map", "unit_price=items.pence/100"),
]


class Still:
    """A clock that moves only when it is looked at."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self._now_ms, self._looks = now_ms, 0

    def now_ms(self) -> int:
        return self._now_ms

    def seconds(self) -> float:
        self._looks += 1
        return self._looks / 1000


def order(number: int, at_ms: int, customer: object = None, lines: int = 2) -> bytes:
    """One order of the shop, in its own words."""
    items = [
        {"line": f"{number}-{line}", "sku": f"p{line}", "qty": 1 + line, "pence": 250}
        for line in range(lines)
    ]
    said = {"id": f"o{number}", "user": {"id": customer or f"c{number % 7}"}, "at": at_ms}
    return json.dumps(said | {"items": items}).encode()


def orders(count: int, days: int = 20, seed: int = 1, begin: int = 0) -> list[Record]:
    """In order of time, now and then one that can't be read."""
    draw = random.Random(seed)
    records = []
    for number in range(begin, begin + count):
        at_ms = NOW_MS - days * DAY_MS + (number - begin) * days * DAY_MS // count
        bad = draw.random() < 0.1
        value = draw.choice([b"{", b'{"user": 5}', None]) if bad else order(number, at_ms)
        records.append(Record(b"key%d" % number, value, at_ms))
    return records


def publish(log: Log, records: Sequence[Record], partitions: int = 3, topic: str = ORDERS) -> None:
    log.create_topics([TopicSpec(topic, partitions, {"retention.ms": "-1"})])
    with log.writer() as writer:
        for partition in range(partitions):
            writer.append(topic, partition, Records.of(records[partition::partitions]))
        writer.flush()


def ready(log: Log, topics: Topics, name: str = "shop") -> None:
    log.create_topics([*topics.specs(), standing_topic(topics, name)])


def bridge(
    source: Log, target: Log, topics: Topics, clock: Clock | None = None, **rules: Any
) -> Bridge:
    said: dict[str, Any] = {"name": "shop", "commit_seconds": 0.0} | rules
    chosen = Rules(**said)
    mapper = Mapper(SHAPE, chosen.name)
    return Bridge(source, ORDERS, target, topics, mapper, chosen, clock or Still())


def run_to_end(made: Bridge) -> None:
    until = dict(made.ends)
    while not made.is_past(until):
        made.step(0.0)


def lines_written(log: Log, topics: Topics) -> list[Line]:
    """All of them, each checked to lie where its customer does, under their key."""
    found = []
    for partition, records in enumerate(everything(log, topics.transactions)):
        for record in records:
            line = decode(record.value)
            if isinstance(line, Line):
                assert record.key == line.customer_id.encode()
                assert partition_of(record.key, topics.partitions) == partition
                found.append(line)
    return found


def ids_of(records: Sequence[Record], lines: int = 2) -> list[str]:
    """The event ids of all orders that are well, sorted."""
    numbers = [json.loads(one.value or b"")["id"][1:] for one in records if _is_well(one)]
    return sorted(f"{number}-{line}" for number in numbers for line in range(lines))


def refused_of(records: Sequence[Record]) -> list[bytes | None]:
    """The keys of all that are not, sorted."""
    return sorted((one.key for one in records if not _is_well(one)), key=str)


def letters_written(log: Log, topics: Topics) -> list[tuple[Record, DeadLetter]]:
    return [
        (record, DeadLetter.from_headers(record.headers))
        for records in everything(log, topics.dead_letters)
        for record in records
    ]


def _is_well(record: Record) -> bool:
    return record.value is not None and b"items" in record.value


class Killed(Exception):
    """The process is gone."""


class Dying:
    """A log whose owner is killed at the nth thing that its producers do."""

    def __init__(self, log: Log, after: int) -> None:
        self._log, self.left = log, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def producer(self, name: str) -> Any:
        self.step()
        return DyingProducer(self._log.producer(name), self)

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


class DyingProducer:
    def __init__(self, producer: Producer, dying: Dying) -> None:
        self._producer, self._dying = producer, dying

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        self._dying.step()
        with self._producer.transaction() as transaction:
            yield DyingTransaction(transaction, self._dying)
            self._dying.step()
        self._dying.step()

    def close(self) -> None:
        self._producer.close()


class DyingTransaction:
    def __init__(self, transaction: Transaction, dying: Dying) -> None:
        self._transaction, self._dying = transaction, dying

    def append(self, topic: str, partition: int, records: SomeRecords) -> None:
        self._dying.step()
        self._transaction.append(topic, partition, records)
