"""Transactions written to a log of either kind, cut into batches, and the fold's word on them."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from app.bought.following import followed_since
from app.bought.lines import FOREVER, Erased
from stream.contracts.commands import Erasure, Tick
from stream.contracts.fast import decode, encode
from stream.contracts.instant import milliseconds
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.model.change import instant
from stream.profile.events import events_of, hash_of
from stream.profile.fold import FOLDED
from stream.profile.state import Profiles
from stream.settings import load_settings
from stream.times import NEVER
from stream.topics import Topics
from tests.stream.profile.some_lines import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from stream.contracts.fast import Line
    from stream.log.seam import Log, TopicSpec

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY_0 = milliseconds(START)
DAY_MS = 86_400_000
SETTINGS = load_settings(None, {})


@contextmanager
def shop_log(kind: str, folder: Path, bootstrap: str | None, partitions: int = 2) -> Iterator[Shop]:
    url = f"sqlite:///{folder}/shoal.db" if kind == "embedded" else f"kafka://{bootstrap}"
    with open_log(url) as log:
        topics = Topics(f"d{uuid.uuid4().hex[:8]}.", partitions)
        names = {topics.transactions, topics.experiments}
        log.create_topics([_for_ever(spec) for spec in topics.specs() if spec.name in names])
        yield Shop(log, topics)
        log.delete_topics(sorted(names & {topic.name for topic in log.topics()}))


def _for_ever(spec: TopicSpec) -> TopicSpec:
    """The shop's year is long past: a broker would clean it up."""
    return replace(spec, configs={**spec.configs, "retention.ms": "-1"})


class Shop:
    """A prefix of its own."""

    def __init__(self, log: Log, topics: Topics) -> None:
        self.log, self.topics = log, topics

    def send(self, records: Sequence[Record], cuts: Iterable[int] = ()) -> None:
        """In this order, in batches that end at these places."""
        ends = sorted({*cuts, len(records)})
        with self.log.writer() as writer:
            for begin, end in zip([0, *ends], ends, strict=False):
                for partition in range(self.topics.partitions):
                    mine = [one for one in records[begin:end] if self._is_of(one, partition)]
                    if mine:
                        writer.append(self.topics.transactions, partition, Records.of(mine))
                writer.flush()

    def _is_of(self, record: Record, partition: int) -> bool:
        """A tick is everybody's."""
        return record.key is None or partition_of(record.key, self.topics.partitions) == partition

    def heard(self, *stops_ms: int, since_ms: int = DAY_0) -> list[tuple[int, ...]]:
        """The events that count, partition by partition; read on from stop to stop."""
        found: list[tuple[int, ...]] = []
        for one in followed_since(self.log, self.topics, SETTINGS, since_ms):
            for stop_ms in stops_ms or (FOREVER,):
                for heard in one.until(stop_ms):
                    if isinstance(heard, Erased):
                        found.append((heard.customer,))
                    else:
                        found += told(heard.events)
        return found


def told(events: Any) -> list[tuple[int, ...]]:
    names = ["customer", "order", "event", "product", "occurred_ms", "amount_e4", "quantity_e4"]
    return [tuple(row) for row in events[names].tolist()]


def folded(records: Sequence[Record], topics: Topics) -> list[tuple[int, ...]]:
    """What the fold itself counts of the same records, one at a time."""
    found: list[tuple[int, ...]] = []
    for partition in range(topics.partitions):
        profiles = Profiles(SETTINGS.profiles.bounds())
        for record in records:
            if record.key and partition_of(record.key, topics.partitions) != partition:
                continue
            decoded = decode(record.value)
            if isinstance(decoded, Tick):
                if profiles.sweep_ms != NEVER:
                    profiles.tick(milliseconds(decoded.instant))
            elif isinstance(decoded, Erasure):
                if profiles.sweep_ms != NEVER:
                    profiles.erase(decoded.customer_id, profiles.sweep_ms)
                found.append((hash_of(decoded.customer_id),))
            else:
                batch = events_of([decoded], [record.timestamp])  # type: ignore[list-item]  # a line
                if profiles.fold(batch).outcomes[0] == FOLDED:
                    found += told(batch.events)
    return found


def record(one: Line, recorded_ms: int | None = None) -> Record:
    at_ms = milliseconds(one.occurred_at)
    return Record(
        one.customer_id.encode(), encode(one), at_ms if recorded_ms is None else recorded_ms
    )


def tick(at_ms: int) -> Record:
    return Record(None, Tick(instant=instant(at_ms)).to_json(), at_ms)


def erasure(customer: str, at_ms: int) -> Record:
    return Record(customer.encode(), Erasure(customer_id=customer).to_json(), at_ms)


def bought(customer: str, order: str, product: str, day: float, **more: Any) -> Line:
    """A line, that many days after the beginning."""
    fields: dict[str, Any] = {
        "event_id": f"{order}/{product}",
        "quantity": 1.0,
        "unit_price": 10.0,
        "occurred_at": START + timedelta(days=day),
    }
    return line(customer_id=customer, order_id=order, product_id=product, **{**fields, **more})


def table_of(lines: Sequence[Line]) -> pd.DataFrame:
    """Each event once; which of them are purchases of a product."""
    table = pd.DataFrame(
        {
            "customer": [one.customer_id for one in lines],
            "order": [one.order_id for one in lines],
            "event": [one.event_id for one in lines],
            "product": [one.product_id for one in lines],
            "quantity": [one.quantity for one in lines],
            "amount": [one.amount for one in lines],
            "at": [milliseconds(one.occurred_at) for one in lines],
        }
    ).drop_duplicates("event")
    is_purchase = (table["quantity"] > 0) & (table["product"] != "POST")
    return table.assign(is_purchase=is_purchase)


def some_days(customers: int = 12, days: int = 40, seed: int = 0) -> list[Line]:
    """A few lines a day, in order, with returns and what is no product."""
    rng = np.random.default_rng(seed)
    lines = []
    for day in range(days):
        for number in range(3):
            customer, order = f"c{rng.integers(customers)}", f"o{day}-{number}"
            at = day + float(rng.random())
            lines += [bought(customer, order, f"p{one}", at) for one in range(rng.integers(1, 4))]
            if number == 0:
                lines.append(bought(customer, order, "POST", at, unit_price=4.0))
            if number == 1:
                lines.append(bought(customer, f"r{order}", "p0", at, quantity=-1.0))
    return sorted(lines, key=lambda one: one.occurred_at)
