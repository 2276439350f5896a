from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.replaying.progress_mark import (
    HEADER,
    Mark,
    mark_of,
    place_of_row,
    place_of_tick,
    row_headers,
    tick_headers,
)
from stream.log.batch import Record
from stream.log.headers import decode_headers

PRINT = "0123456789ab"


@given(st.lists(st.integers(0, 10**12 - 1), min_size=1, max_size=9))
def test_a_whole_columns_headers_are_each_rows_own(rows: list[int]) -> None:
    wire = row_headers(PRINT, np.array(rows)).reshape(len(rows), -1)
    headers = [decode_headers(one.tobytes()) for one in wire]
    assert headers == [((HEADER, f"{PRINT}:{row:012}".encode()),) for row in rows]
    marks = [mark_of(Record(None, None, 0, one)) for one in headers]
    assert marks == [Mark(PRINT, place_of_row(row)) for row in rows]


@given(st.integers(0, 10**12 - 1), st.integers(0, 32))
def test_a_tick_lies_between_its_row_and_the_one_before(row: int, tick: int) -> None:
    mark = mark_of(Record(None, None, 0, tick_headers(PRINT, row, tick)))
    assert mark == Mark(PRINT, place_of_tick(row, tick))
    assert place_of_row(row - 1) < mark.place < place_of_row(row)
    assert place_of_tick(row, tick) < place_of_tick(row, tick + 1)


@pytest.mark.parametrize("value", [None, b"", b"0123456789ab:1", b"0123456789ab:000000000001x"])
def test_what_is_no_mark_of_ours_is_none(value: bytes | None) -> None:
    assert mark_of(Record(None, None, 0, ((HEADER, value),))) is None
    assert mark_of(Record(None, None, 0, (("other", value),))) is None
    assert mark_of(Record(None, None, 0)) is None
