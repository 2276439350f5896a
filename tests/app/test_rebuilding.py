"""A prefix is rebuilt: everything again, spread anew, in the order of event time."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rebuilding.rebuild import rebuild
from app.rebuilding.spread import PROMOTIONS, RECORDS, TICKS
from stream.contracts.commands import Erasure
from stream.contracts.fast import decode
from stream.contracts.instant import milliseconds
from stream.errors import SettingsError
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.topics import Topics
from tests.consumers.task.records import line, promote, record, tick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stream.log.seam import Log
    from tests.consumers.task.records import Said

OLD, NEW = Topics("old.", 3), Topics("new.", 5)
CUSTOMERS = [f"customer {number}" for number in range(12)]


def filled(log: Log, said: Sequence[Said]) -> None:
    """Lines by their keys, ticks and promotions on every partition."""
    log.create_topics(OLD.specs())
    with log.writer() as writer:
        for one in said:
            made = record(one)
            everywhere = range(OLD.partitions)
            there = [partition_of(made.key, OLD.partitions)] if made.key else list(everywhere)
            for partition in there:
                writer.append(OLD.transactions, partition, Records.of([made]))
        writer.flush()


def lying(log: Log, topics: Topics) -> dict[int, list[Record]]:
    ends = {partition: bound.end for partition, bound in log.bounds(topics.transactions).items()}
    found: dict[int, list[Record]] = defaultdict(list)
    with log.reader(topics.transactions, dict.fromkeys(ends, 0)) as reader:
        while reader.positions() != ends:
            for batch in reader.poll(1.0):
                found[batch.partition] += batch.records
    return found


def by_key(log: Log, topics: Topics) -> dict[bytes, list[Record]]:
    found: dict[bytes, list[Record]] = defaultdict(list)
    for partition, records in lying(log, topics).items():
        for one in records:
            if one.key is not None:
                assert partition == partition_of(one.key, topics.partitions)
                found[one.key].append(one)
    return found


def test_every_customer_has_the_same_records_and_time_goes_on_together(tmp_path: Path) -> None:
    said: list[Said] = []
    for hour in range(200):
        said.append(line(CUSTOMERS[hour * 7 % 12], hour, event_id=f"e{hour}"))
        if hour % 24 == 3:
            said += [tick(hour + 0.5), promote(1)]
    said.append(Erasure(customer_id=CUSTOMERS[0]))
    with open_log(f"sqlite:///{tmp_path / 'a.db'}") as log:
        filled(log, said)
        account = rebuild(log, OLD, NEW)
        assert by_key(log, NEW) == by_key(log, OLD)
        assert account == Counter({RECORDS: 201, TICKS: 9, PROMOTIONS: 9 * OLD.partitions})
        for records in lying(log, NEW).values():
            instants = [json.loads(one.value or b"") for one in records]
            times = [one.get("occurred_at") or one.get("instant") for one in instants]
            known = [time for time in times if time]
            assert known == sorted(known)
            assert sum(one["type"] == "tick" for one in instants if "type" in one) == 9


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(CUSTOMERS), st.integers(0, 50), st.sampled_from([0, 0, -5])),
        max_size=60,
    )
)
def test_nothing_is_lost_or_late_that_was_not_late_before(
    tmp_path_factory: pytest.TempPathFactory, sales: list[tuple[str, int, int]]
) -> None:
    hours = 0.0
    said: list[Said] = []
    for number, (customer, gap, behind) in enumerate(sales):
        hours += gap / 10
        said.append(line(customer, hours + behind, event_id=f"e{number}"))
    folder = tmp_path_factory.mktemp("rebuilt")
    with open_log(f"sqlite:///{folder / 'a.db'}") as log:
        filled(log, said)
        rebuild(log, OLD, NEW)
        assert by_key(log, NEW) == by_key(log, OLD)
        for records in lying(log, NEW).values():
            assert worst_delay(records) <= 5 * 3_600_000


def worst_delay(records: Sequence[Record]) -> int:
    """How far any line lies behind one before it."""
    reached, worst = 0, 0
    for one in records:
        at_ms = milliseconds(decode(one.value).occurred_at)  # type: ignore[union-attr]  # lines all
        worst, reached = max(worst, reached - at_ms), max(reached, at_ms)
    return worst


def test_a_prefix_with_records_is_not_added_to(tmp_path: Path) -> None:
    with open_log(f"sqlite:///{tmp_path / 'a.db'}") as log:
        filled(log, [line(CUSTOMERS[0], 1)])
        rebuild(log, OLD, NEW)
        with pytest.raises(SettingsError, match="has records already"):
            rebuild(log, OLD, NEW)
        with pytest.raises(SettingsError, match="name another with --to"):
            rebuild(log, OLD, OLD)
