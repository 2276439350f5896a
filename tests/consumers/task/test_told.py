"""What is said is counted as it is written, and a customer's lives as their graves tell."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consumers.task.looking import incarnations
from consumers.task.told import Kind, Told
from stream.contracts.change import Cause, SegmentChange
from stream.model.change import erased
from stream.model.changes import Entries, Left, Looks, changes
from stream.model.lens import compile_lens
from stream.profile.graves import GRAVE, buried, times_erased
from tests.stream.model.models import ref, value_lens
from tests.stream.model.plain_changes import Who, codes_of, together

LENS = compile_lens(value_lens(), 1)
TOPIC = "shoal.segment-changes"

moves = st.tuples(
    st.sampled_from([Cause.MOVED, Cause.LATE, Cause.FIRST_MODEL]),
    st.integers(-2, 4),
    st.integers(0, 4),
)


def kinds_in(told: Told) -> Counter[Kind]:
    """As the contract reads them."""
    written = (SegmentChange.from_json(record.value) for part in told.changes for record in part)
    return Counter(
        Kind(
            change.lens,
            change.cause.value,
            change.previous.id if change.previous else "",
            change.current.id if change.current else "",
        )
        for change in written
    )


@given(st.lists(moves, min_size=1, max_size=30), st.booleans())
def test_kinds_are_as_written(moved: list[tuple[Cause, int, int]], refit: bool) -> None:
    count = len(moved)
    occasions, previous, current = zip(*moved, strict=True)
    looks = Looks(np.ones((count, 3)), np.zeros(count, np.int64), np.zeros(count, np.int64))
    told = Told()
    for _ in range(2):
        made = changes(
            LENS,
            Entries(np.array(previous), np.array(current), np.zeros(count, np.int64)),
            together([Who(f"c{row}", 1) for row in range(count)]),
            codes_of(occasions),
            looks,
            None,
            Left((ref(8), ref(9)), np.array(previous) % 3 - 1) if refit else None,
        )
        told.change(made, TOPIC, 5)
    told.change(erased("value", "17850", 2, 1, ref(8), 0, None), TOPIC, 5)
    assert told.changes.kinds() == kinds_in(told)
    assert told.changes.kinds().total() == 2 * count + 1


@given(st.lists(st.integers(1, 9)), st.lists(st.integers(1, 9), min_size=1))
def test_each_erasure_is_a_life_more(erasures: list[int], keys: list[int]) -> None:
    graves = np.empty(0, GRAVE)
    for key in erasures:
        graves = buried(graves, key, 7)
    lives = incarnations(graves, np.array(keys, np.uint64))
    assert lives.tolist() == [1 + times_erased(graves, key) for key in keys]
