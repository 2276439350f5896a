"""Flaps are counted from the changes as they lie on their topic, segment events among them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.flapping import Flaps
from snapshot.moment import LensAt, Moment
from snapshot.table import CustomerTable
from stream.contracts.instant import milliseconds
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened, SegmentEvent
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.topics import Topics
from tests.consumers.test_subscribe import change
from tests.snapshot.logs import NOW, START, made_by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.contracts.change import SegmentChange

TOPICS = Topics(partitions=2)
A, B = SegmentRef(id="value-1", name="A"), SegmentRef(id="value-2", name="B")
DORMANT = SegmentRef(id="value-dormant", name="Dormant")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as opened:
        opened.create_topics(TOPICS.specs())
        yield opened


def moved(day: float, previous: SegmentRef, current: SegmentRef, who: str = "c1") -> SegmentChange:
    at = START + timedelta(days=day)
    fields = {"previous": previous, "current": current, "customer_id": who, "occurred_at": at}
    return change(1).model_copy(update=fields)


def write(log: EmbeddedLog, *messages: SegmentChange | SegmentEvent) -> None:
    with log.writer() as writer:
        records = [Record(b"k", one.to_json(), 0) for one in messages]
        writer.append(TOPICS.changes, 1, Records.of(records))
        writer.flush()


def moment(day: float, active: int = 50) -> Moment:
    """So many customers in A, and as many who are dormant."""
    at_ms = milliseconds(START + timedelta(days=day))
    published = np.repeat([0, 1], active)
    ids = tuple(map(str, range(2 * active)))
    table = CustomerTable(ids, (), np.empty((2 * active, 0)), published, at_ms, 0)
    lens = LensAt(1, (A, DORMANT), published, ())
    return Moment(table, published, 1, {"value": lens})


def test_who_comes_back_within_a_week_flaps(log: EmbeddedLog) -> None:
    write(
        log,
        moved(31, A, B),
        moved(33, B, A),  # a flap
        moved(41, A, B),
        moved(43, B, A, "c2"),  # another customer
        moved(49, B, A),  # too late for one
    )
    with Flaps(log, TOPICS.changes) as flaps:
        assert flaps.rates(moment(60), [made_by_hand()]) == {"value": pytest.approx(100 / 50)}
        write(log, moved(61, A, B), moved(62, B, A))
        assert flaps.rates(moment(61), [made_by_hand()]) == {"value": pytest.approx(100 / 50)}
        assert flaps.rates(moment(64), [made_by_hand()]) == {"value": pytest.approx(100 / 50)}


def test_rule_segments_and_segment_events_are_no_flaps(log: EmbeddedLog) -> None:
    born = SegmentEvent(
        lens="value",
        segment=A,
        happened=Happened.BORN,
        customers=3,
        model_version=1,
        occurred_at=START,
        observed_at=NOW,
    )
    write(log, moved(31, A, DORMANT), born, moved(32, DORMANT, A), moved(33, A, B))
    with Flaps(log, TOPICS.changes) as flaps:
        assert flaps.rates(moment(60), [made_by_hand()]) == {"value": 0.0}


def test_a_young_model_is_measured_over_its_own_days(log: EmbeddedLog) -> None:
    write(log, moved(2, A, B), moved(3, B, A))
    with Flaps(log, TOPICS.changes) as flaps:
        assert flaps.rates(moment(0), [made_by_hand()]) == {}
        assert flaps.rates(moment(15), [made_by_hand()]) == {"value": pytest.approx(200 / 50)}
