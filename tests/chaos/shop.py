"""What a shop's partitions are told: its history day by day, then the present; and much nonsense.

The same for a seed, but for the present, which is when it is written.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from producers.replaying.encode import encoded
from producers.synthetic import Plan, lines
from stream.contracts.commands import Erasure, Tick
from stream.contracts.fast import Line, encode
from stream.contracts.instant import milliseconds
from stream.log.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTITIONS = 4
DIRTY = Plan(
    returns=0.08,
    cancellations=0.03,
    duplicates=0.02,
    late=0.03,
    out_of_order=0.03,
    too_late=0.02,
    migration=0.3,
)
NONSENSE = (b"", b"{", b"\xff\xfe", b'{"type": "tock"}', b"[" * 3000, b"null")


class Said(NamedTuple):
    """A record that has no time yet, and where it goes."""

    partition: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How large a shop is."""

    customers: int = 200
    days: int = 50
    step_lines: int = 5
    """So many lines are written at a time."""


class Shop:
    """Told in steps: each is written at once."""

    def __init__(self, seed: int, size: Size, today: datetime) -> None:
        self._random, self._size = random.Random(f"shop {seed}"), size
        start = (today - timedelta(days=size.days)).date()
        self._plan = replace(
            DIRTY, customers=size.customers, days=size.days, seed=seed, start=start
        )
        self._told: list[Said] = []
        self._customers: list[str] = []

    def history(self) -> Iterator[list[Said]]:
        """Up to yesterday's midnight, as quickly as it is taken."""
        found = self._lines()
        while step := list(islice(found, self._size.step_lines)):
            yield self._with_dirt([said for said, _ in step], step[-1][1])

    def present(self, now: datetime) -> list[Said]:
        """Some customers buy now, some a moment ago, and one says so twice."""
        choose = self._random
        step = []
        for _ in range(choose.randint(1, 8)):
            late = timedelta(seconds=choose.choice([0, 0, 0, 0.3, 20, 4000]))
            step.append(self._bought(now - late))
        if choose.random() < 0.2:
            step.append(choose.choice(step))
        if choose.random() < 0.1:
            step.append(self._erasure())
        return step

    def _lines(self) -> Iterator[tuple[Said, datetime]]:
        for batch in lines(self._plan):
            names = batch.column("customer_id").to_pylist()
            self._customers += sorted(set(names).difference(self._customers))
            times = batch.column("occurred_at").to_pylist()
            for name, at, value in zip(names, times, encoded(batch).to_pylist(), strict=True):
                yield to_customer(name, value.encode()), at.replace(tzinfo=UTC)

    def _with_dirt(self, step: list[Said], at: datetime) -> list[Said]:
        choose = self._random
        self._told += step
        if choose.random() < 0.5:
            step.append(choose.choice(self._told))
        if choose.random() < 0.4:
            step.insert(choose.randrange(len(step)), self._poison())
        if choose.random() < 0.1:
            step.insert(choose.randrange(len(step)), self._erasure())
        if choose.random() < 0.1:
            tick = Tick(instant=at).to_json()
            step += [Said(partition, None, tick) for partition in range(PARTITIONS)]
        return step

    def _poison(self) -> Said:
        """A record that is nothing, or lies where it doesn't belong."""
        choose = self._random
        good = choose.choice(self._told)
        nonsense = choose.choice(NONSENSE)
        return choose.choice(
            [
                Said(good.partition, good.key, nonsense, (("sent-by", b"nobody"),)),
                Said((good.partition + 1) % PARTITIONS, good.key, good.value),
                Said(good.partition, b"somebody else", good.value),
                Said(good.partition, None, good.value),
                Said(good.partition, good.key, None),
                _with(good, quantity="many"),
                _with(good, unit_price=-1),
                _with(good, occurred_at="0001-01-01T00:00:00Z"),
                _with(good, occurred_at="2099-12-31T00:00:00Z"),
            ]
        )

    def _erasure(self) -> Said:
        name = self._random.choice(self._customers)
        return to_customer(name, Erasure(customer_id=name).to_json())

    def _bought(self, at: datetime) -> Said:
        choose, at_ms = self._random, milliseconds(at)
        name = choose.choice(self._customers)
        line = Line(
            customer_id=name,
            occurred_at=datetime.fromtimestamp(at_ms / 1000, UTC),
            order_id=f"now {name} {at_ms // 3000}",
            product_id=f"p{choose.randrange(100)}",
            quantity=float(choose.choice([1, 2, 12, 400, -1])),
            unit_price=choose.choice([0.5, 3.0, 40.0]),
        )
        return to_customer(name, encode(line))


def to_customer(name: str, value: bytes) -> Said:
    key = name.encode()
    return Said(partition_of(key, PARTITIONS), key, value)


def _with(good: Said, **fields: object) -> Said:
    """The same line, but for this."""
    said = json.loads(good.value or b"{}") | fields
    return good._replace(value=json.dumps(said).encode())
