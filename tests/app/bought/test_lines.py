"""Lines that count are those that the fold counts, wherever reading stops and batches are cut."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bought.following import followed_since
from app.bought.lines import Erased
from stream.errors import PositionOutOfRange
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of
from tests.app.bought.shop import (
    DAY_0,
    DAY_MS,
    SETTINGS,
    bought,
    erasure,
    folded,
    record,
    shop_log,
    some_days,
    tick,
)

if TYPE_CHECKING:
    from tests.app.bought.shop import Shop

WEEKS = [DAY_0 + week * 7 * DAY_MS for week in range(1, 7)]


def everything(seed: int = 0) -> list[Record]:
    """Duplicates, late ones, an erasure, ticks, and what is no message."""
    lines = [record(one) for one in some_days(seed=seed)]
    late = record(bought("c1", "late", "p1", 3), DAY_0 + 12 * DAY_MS)
    future = record(bought("c2", "future", "p1", 30), DAY_0 + 20 * DAY_MS)
    lines[60:60] = lines[50:55]
    lines[80:80] = [late, future, erasure("c3", DAY_0 + 20 * DAY_MS), tick(DAY_0 + 21 * DAY_MS)]
    lines.insert(90, Record(b"c1", b"no message", DAY_0))
    lines.insert(91, Record(b"c1", record(bought("c2", "x", "p1", 25)).value, DAY_0))
    return lines


def test_what_counts_is_what_the_fold_counts(shop: Shop) -> None:
    records = everything()
    shop.send(records, range(0, 200, 11))
    expected = folded([one for at, one in enumerate(records) if at not in {90, 91}], shop.topics)
    assert shop.heard() == expected
    assert len([one for one in expected if len(one) == 1]) == 1


def test_reading_week_by_week_is_reading_at_once(shop: Shop) -> None:
    shop.send(everything(), range(0, 200, 17))
    assert shop.heard(*WEEKS, WEEKS[-1] + 365 * DAY_MS) == shop.heard()


@settings(max_examples=6)
@given(
    st.integers(0, 3),
    st.lists(st.integers(0, 180), max_size=6),
    st.lists(st.integers(0, 45), max_size=5),
)
def test_neither_cuts_nor_stops_nor_duplicates_matter(
    seed: int, cuts: list[int], days: list[int]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        shop_log("embedded", Path(folder), None) as shop,
    ):
        records = everything(seed)
        shop.send(records, cuts)
        stops = sorted(DAY_0 + day * DAY_MS for day in days)
        once = shop.heard(*stops, WEEKS[-1] + 365 * DAY_MS)
        valid = [one for at, one in enumerate(records) if at not in {90, 91}]
        assert once == folded(valid, shop.topics)


def test_it_stops_where_event_time_comes_to_the_instant(embedded: Shop) -> None:
    lines = some_days()
    embedded.send([record(one) for one in lines])
    times = [one[4] for one in embedded.heard()]
    for week in WEEKS[:3]:
        assert [one[4] for one in embedded.heard(week)] == [at for at in times if at < week]


def test_a_tick_stops_it_too_and_what_comes_late_is_heard_next_time(embedded: Shop) -> None:
    first, late = bought("c1", "a", "p1", 1), bought("c1", "b", "p1", 1.5)
    embedded.send([record(first), tick(DAY_0 + 3 * DAY_MS), record(late, DAY_0 + 4 * DAY_MS)])
    assert len(embedded.heard(DAY_0 + 3 * DAY_MS)) == 1
    assert len(embedded.heard(DAY_0 + 3 * DAY_MS, DAY_0 + 9 * DAY_MS)) == 2


def test_reading_begins_where_the_log_says_that_the_time_begins(shop: Shop) -> None:
    shop.send([record(one) for one in some_days()], range(0, 200, 3))
    since_ms = DAY_0 + 30 * DAY_MS
    late = shop.heard(since_ms=since_ms)
    assert 0 < len(late) < len(shop.heard()) / 2
    assert [one for one in shop.heard() if one[4] >= since_ms] == [
        one for one in late if one[4] >= since_ms
    ]


def test_a_commit_that_never_came_is_not_read(shop: Shop) -> None:
    shop.send([record(one) for one in some_days(days=3)])
    before = shop.heard()
    never = Records.of([record(bought("c1", "never", "p1", 5))])
    with (
        pytest.raises(ZeroDivisionError),
        shop.log.producer("somebody") as producer,
        producer.transaction() as transaction,
    ):
        transaction.append(shop.topics.transactions, partition_of(b"c1", 2), never)
        raise ZeroDivisionError
    assert shop.heard() == before


def test_what_was_cut_off_is_passed_over(shop: Shop) -> None:
    shop.send([record(one) for one in some_days()], range(0, 200, 5))
    followed = followed_since(shop.log, shop.topics, SETTINGS, DAY_0)
    for one in followed:
        assert all(not isinstance(heard, Erased) for heard in one.until(WEEKS[0]))
    for partition, bounds in shop.log.bounds(shop.topics.transactions).items():
        shop.log.truncate(shop.topics.transactions, partition, bounds.end - 3)
    rest = [
        len(heard.events) for one in followed for heard in one.until() if hasattr(heard, "events")
    ]
    assert sum(rest) <= 6


def test_a_topic_made_anew_is_an_error(embedded: Shop) -> None:
    embedded.send([record(one) for one in some_days()])
    followed = followed_since(embedded.log, embedded.topics, SETTINGS, DAY_0)
    for one in followed:
        list(one.until())
    embedded.log.delete_topics([embedded.topics.transactions])
    embedded.log.create_topics(embedded.topics.specs()[:1])
    with pytest.raises(PositionOutOfRange):
        list(followed[0].until())
