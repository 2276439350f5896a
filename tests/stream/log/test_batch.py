"""Batches of one partition as one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.log.batch import Record, RecordBatch, Records

records = st.builds(
    Record,
    st.none() | st.binary(max_size=5),
    st.none() | st.binary(max_size=9),
    st.integers(0, 2**40),
    st.lists(st.tuples(st.text(max_size=3), st.none() | st.binary(max_size=3)), max_size=2).map(
        tuple
    ),
)


@given(
    st.lists(st.lists(records, min_size=1, max_size=6), min_size=1, max_size=5), st.integers(1, 3)
)
def test_batches_together_have_the_records_of_each_in_order(
    several: list[list[Record]], skipped: int
) -> None:
    batches, offset = [], 7
    for listed in several:
        offsets = np.arange(offset, offset + len(listed))
        offset += len(listed) + 2  # a mark lies between
        batches.append(RecordBatch("t", 3, offsets, offset - 1, Records.of(listed)))
    batches[0] = batches[0].starting_at(7 + skipped - 1)
    together = RecordBatch.together(batches)
    assert list(together) == [pair for batch in batches for pair in batch]
    parts = list(together.parts(skipped))
    assert [pair for part in parts for pair in part] == list(together)
    assert [part.next_offset for part in parts[:-1]] == [part.first_offset for part in parts[1:]]
    assert parts[-1].next_offset == together.next_offset
    assert (together.topic, together.partition, together.next_offset) == ("t", 3, offset - 1)
    assert list(together.starting_at(9)) == [pair for pair in together if pair[0] >= 9]
