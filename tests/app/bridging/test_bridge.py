"""Whatever happens to a bridge, each record is across once, or among the dead letters once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

import pytest

from app.bridging import bridge as at_work
from app.bridging import standing
from stream.contracts.commands import Tick
from stream.contracts.fast import Line, decode
from stream.contracts.refusal import RefusalReason
from stream.errors import Fenced, LogError, TopicsDiffer
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog, reading
from stream.log.seam import TopicSpec
from stream.topics import Topics
from tests.app.bridging.shop import (
    DAY_MS,
    NOW_MS,
    ORDERS,
    Dying,
    Killed,
    Still,
    bridge,
    ids_of,
    letters_written,
    lines_written,
    order,
    orders,
    publish,
    ready,
    refused_of,
    run_to_end,
)
from tests.producers.replays import everything

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log

TOPICS = Topics(partitions=2)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shop.db")) as log:
        yield log


@pytest.fixture
def target(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        ready(log, TOPICS)
        yield log


def everything_is_there_once(log: Log, records: list[Record]) -> None:
    assert sorted(line.event_id or "" for line in lines_written(log, TOPICS)) == ids_of(records)
    letters = letters_written(log, TOPICS)
    assert sorted((record.key for record, _ in letters), key=str) == refused_of(records)


def test_a_bridge_that_dies_at_any_step_leaves_nothing_missing_and_nothing_twice(
    tmp_path: Path, source: EmbeddedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_work, "MOST_AT_ONCE", 30)
    monkeypatch.setattr(standing, "KEPT_AT_LEAST", 1)
    records = orders(24)
    publish(source, records)
    deaths = 0
    for after in range(1000):
        with EmbeddedLog(str(tmp_path / f"{after}.db")) as log:
            ready(log, TOPICS)
            dying = Dying(log, after)
            with suppress(Killed):
                run_to_end(bridge(source, cast("Log", dying), TOPICS))
                everything_is_there_once(log, records)
                break
            deaths += 1
            with bridge(source, log, TOPICS) as successor:
                run_to_end(successor)
            everything_is_there_once(log, records)
    assert deaths > 15


def test_what_is_refused_lies_as_it_came_with_why_and_where_from(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    ahead = order(1, NOW_MS + 2 * DAY_MS)
    publish(
        source,
        [
            Record(b"a", b"not json", NOW_MS, (("trace", b"7"),)),
            Record(None, order(1, NOW_MS, customer={"no": "text"}), NOW_MS),
            Record(b"c", ahead, NOW_MS),
            Record(b"d", order(2, NOW_MS), NOW_MS),
        ],
        partitions=1,
    )
    with bridge(source, target, TOPICS) as made:
        run_to_end(made)
    (first, why), (second, why_second), (third, why_third) = letters_written(target, TOPICS)
    assert (first.key, first.value, first.headers[0]) == (b"a", b"not json", ("trace", b"7"))
    assert (why.reason, why.topic, why.partition, why.offset) == ("not_json", ORDERS, 0, 0)
    assert second.key is None
    assert why_second.reason == RefusalReason.INVALID_FIELD
    assert "user.id (customer_id) should be a text or a whole number" in why_second.detail
    assert (third.value, why_third.reason) == (ahead, RefusalReason.IN_THE_FUTURE)
    assert len(lines_written(target, TOPICS)) == 2


def test_partitions_that_are_read_one_after_the_other_come_across_by_event_time(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    """Of a backlog: one partition's newest lines would make another's oldest too late."""
    records = [one for one in orders(3000, days=60) if one.value]
    publish(source, records)
    with bridge(source, target, TOPICS, most_held=50) as made:
        run_to_end(made)
    everything_is_there_once(target, records)
    for of_partition in everything(target, TOPICS.transactions):
        lines = [decode(record.value) for record in of_partition]
        times = [line.occurred_at for line in lines if hasattr(line, "occurred_at")]
        assert times == sorted(times)


def test_what_waits_is_bounded_and_what_it_waits_for_is_read_on(
    source: EmbeddedLog, target: EmbeddedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One partition has all the old lines, the other all the new ones."""
    monkeypatch.setattr(reading, "POLL_ROWS", 4)
    days = [order(number, NOW_MS - (400 - number) * DAY_MS // 10) for number in range(400)]
    source.create_topics([TopicSpec(ORDERS, 2, {"retention.ms": "-1"})])
    with source.writer() as writer:
        for begin in range(0, 200, 10):
            for partition, first in enumerate((200 + begin, begin)):
                records = [Record(None, value, NOW_MS) for value in days[first : first + 10]]
                writer.append(ORDERS, partition, Records.of(records))
                writer.flush()
    most = 0
    with bridge(source, target, TOPICS, most_held=100) as made:
        until = dict(made.ends)
        while not made.is_past(until):
            made.step(0.0)
            most = max(most, made.held)
    for of_partition in everything(target, TOPICS.transactions):
        lines = [decode(record.value) for record in of_partition]
        times = [line.occurred_at for line in lines if isinstance(line, Line)]
        assert times == sorted(times)
    assert len(lines_written(target, TOPICS)) == 800
    assert 100 < most <= 250, "what may wait, and a poll's worth"


def test_history_brings_its_midnights_to_every_partition_and_the_present_does_not(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    midnight = NOW_MS // DAY_MS * DAY_MS
    at = [midnight - 3 * DAY_MS - 1, midnight - DAY_MS + 1, midnight + 1]
    records = [Record(None, order(number, when, "c1"), when) for number, when in enumerate(at)]
    publish(source, records, partitions=1)
    with bridge(source, target, TOPICS, Still(midnight + 60_000)) as made:
        run_to_end(made)
    for of_partition in everything(target, TOPICS.transactions):
        ticks = [decode(record.value) for record in of_partition]
        told = [tick.instant.timestamp() * 1000 for tick in ticks if isinstance(tick, Tick)]
        assert told == [midnight - days * DAY_MS for days in (3, 2, 1)]


def test_a_second_bridge_of_the_name_takes_over_and_the_first_has_to_leave(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    records = orders(30)
    publish(source, records)
    first = bridge(source, target, TOPICS)
    with bridge(source, target, TOPICS) as second:
        with pytest.raises(Fenced):
            run_to_end(first)
        run_to_end(second)
    everything_is_there_once(target, records)


def test_bridges_of_several_names_carry_each_their_topic(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    records = orders(30)
    publish(source, records)
    ready(target, TOPICS, "other")
    for name in ("shop", "other"):
        with bridge(source, target, TOPICS, name=name) as made:
            run_to_end(made)
    assert len(lines_written(target, TOPICS)) == 2 * len(ids_of(records))


def test_a_bridge_that_begins_at_the_end_keeps_that_place_from_the_first_moment(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    before, after = orders(30), orders(30, begin=100)
    publish(source, before)
    bridge(source, target, TOPICS, begin="end").close()
    publish(source, after)
    with bridge(source, target, TOPICS, begin="end") as made:
        run_to_end(made)
    everything_is_there_once(target, after)


def test_what_the_source_forgot_is_an_error_unless_it_is_to_be_skipped(
    source: EmbeddedLog, target: EmbeddedLog
) -> None:
    records = orders(60)
    publish(source, records)
    bridge(source, target, TOPICS).close()
    source.truncate(ORDERS, 1, 5)
    with pytest.raises(LogError, match="--skip-lost"), bridge(source, target, TOPICS) as made:
        run_to_end(made)
    lost: dict[int, int] = {}
    with bridge(source, target, TOPICS, skip_lost=True) as made:
        until = dict(made.ends)
        while not made.is_past(until):
            lost |= made.step(0.0).lost
    assert lost == {1: 5}
    gone = {id(one) for one in records[1::3][:5]}
    everything_is_there_once(target, [one for one in records if id(one) not in gone])


@pytest.mark.parametrize("count", [10, 90], ids=["shorter", "longer"])
def test_a_topic_that_was_made_anew_is_not_read_from_the_middle(
    source: EmbeddedLog, target: EmbeddedLog, count: int
) -> None:
    publish(source, orders(60))
    with bridge(source, target, TOPICS) as made:
        run_to_end(made)
    source.delete_topics([ORDERS])
    publish(source, orders(count, begin=500))
    with pytest.raises(LogError, match="made anew"), bridge(source, target, TOPICS) as made:
        run_to_end(made)


def test_a_standing_that_is_none_is_named(source: EmbeddedLog, target: EmbeddedLog) -> None:
    publish(source, orders(5))
    with target.writer() as writer:
        writer.append("shoal.bridge.shop", 0, Records.of([Record(None, b"what?", NOW_MS)]))
    with pytest.raises(LogError, match=r"shoal.bridge.shop is no bridge's standing"):
        bridge(source, target, TOPICS)


def test_a_partition_that_came_later_is_read_from_its_beginning(
    tmp_path: Path, source: EmbeddedLog, target: EmbeddedLog
) -> None:
    records, more = orders(30), orders(10, begin=100)
    publish(source, records, partitions=2)
    with bridge(source, target, TOPICS, begin="end") as made:
        run_to_end(made)
    with EmbeddedLog(str(tmp_path / "grown.db")) as grown:
        grown.create_topics([TopicSpec(ORDERS, 3, {"retention.ms": "-1"})])
        with grown.writer() as writer:
            for partition, there in enumerate((records[::2], records[1::2], more)):
                writer.append(ORDERS, partition, Records.of(there))
            writer.flush()
        with bridge(grown, target, TOPICS, begin="end") as made:
            run_to_end(made)
    everything_is_there_once(target, more)


def test_an_unknown_partition_of_the_standing_says_that_the_source_is_another(
    tmp_path: Path, source: EmbeddedLog, target: EmbeddedLog
) -> None:
    publish(source, orders(30))
    with bridge(source, target, TOPICS) as made:
        run_to_end(made)
    with EmbeddedLog(str(tmp_path / "other.db")) as other:
        publish(other, orders(30), partitions=2)
        with pytest.raises(TopicsDiffer, match="another --name"):
            bridge(other, target, TOPICS)
