"""Partitions side by side: nothing is lost, each keeps its order, none runs ahead of another."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.bridging.aligned import PATIENCE_SECONDS, Aligned, Crossing
from app.bridging.mapping import LeftOut
from stream.log.batch import Record

NOTHING = Record(None, None, 0)


def crossing(partition: int, offset: int, reached_ms: int) -> Crossing:
    return Crossing(partition, offset, offset + 1, NOTHING, LeftOut.OTHER, reached_ms)


@given(
    partitions=st.lists(
        st.lists(st.integers(0, 50), max_size=8).map(sorted), min_size=1, max_size=4
    ),
    draw=st.randoms(use_true_random=False),
)
def test_a_backlog_comes_out_by_event_time_however_partitions_come_in(
    partitions: list[list[int]], draw: object
) -> None:
    aligned = Aligned(range(len(partitions)))
    aligned.read(frozenset(range(len(partitions))), 0.0)
    left = {part: list(enumerate(times)) for part, times in enumerate(partitions)}
    out: list[Crossing] = []
    while any(left.values()):
        part = draw.choice([part for part, rest in left.items() if rest])  # type: ignore[attr-defined]  # hypothesis hands in a random.Random
        offset, at = left[part].pop(0)
        aligned.add(crossing(part, offset, at), 0.0)
        out += aligned.ready([part for part, rest in left.items() if rest], 0.0)
    out += aligned.ready([], 0.0)
    assert aligned.held == 0
    assert [one.reached_ms for one in out] == sorted(at for times in partitions for at in times)
    for part in range(len(partitions)):
        offsets = [one.offset for one in out if one.partition == part]
        assert all(before < after for before, after in pairwise(offsets))


def test_a_partition_that_brings_nothing_is_waited_for_a_while_and_then_not() -> None:
    aligned = Aligned([0, 1])
    aligned.read(frozenset([0, 1]), 0.0)
    aligned.add(crossing(0, 0, 10), 0.0)
    assert aligned.ready([0, 1], PATIENCE_SECONDS - 1) == []
    assert len(aligned.ready([1], PATIENCE_SECONDS + 1)) == 1


def test_a_partition_that_is_not_read_is_waited_for_however_long_it_brings_nothing() -> None:
    aligned = Aligned([0, 1, 2])
    aligned.read(frozenset([0, 1, 2]), 0.0)
    aligned.add(crossing(0, 0, 10), 0.0)
    aligned.add(crossing(2, 0, 20), 0.0)
    aligned.read(frozenset([1]), 0.0)
    aligned.add(crossing(1, 0, 15), PATIENCE_SECONDS * 3)
    late = aligned.ready([0, 1, 2], PATIENCE_SECONDS * 3)
    assert [one.partition for one in late] == [0]
