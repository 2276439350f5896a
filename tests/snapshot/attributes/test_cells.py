"""Columns as numbers, dates or texts."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from snapshot.attributes.cells import MOST_LETTERS, Dates, Numbers, Texts, cells_of


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array([1, None, 3]), [1.0, np.nan, 3.0]),
        (pa.array([1.5, float("nan"), float("inf"), -float("inf"), 1e300]), [1.5] + [np.nan] * 4),
        (pa.array(["1", " 2 ", "", "?", "N/A", "1e3"]), [1, 2, np.nan, np.nan, np.nan, 1000]),
        (pa.array([Decimal("2.50"), None]), [2.5, np.nan]),
        (pa.nulls(2), [np.nan, np.nan]),
        (pa.array(["", None], pa.string()), [np.nan, np.nan]),
        (pa.chunked_array([["1"], ["2"]]), [1, 2]),
        (pa.array(["7", "8"]).dictionary_encode(), [7, 8]),
    ],
)
def test_numbers(column: pa.Array, values: list[float]) -> None:
    cells = cells_of(column)
    assert isinstance(cells, Numbers)
    np.testing.assert_array_equal(cells.values, values)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["2024-01-02", None]),
        pa.array([datetime.date(2024, 1, 2), None]),
        pa.array([datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC), None]),
        pa.array(["2024-01-02 00:00:00", ""]),
    ],
)
def test_dates_are_days_since_1970(column: pa.Array) -> None:
    cells = cells_of(column)
    assert isinstance(cells, Dates)
    np.testing.assert_array_equal(cells.days, [19724.0, np.nan])


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array(["00123", "7"]), ["00123", "7"]),
        (pa.array([True, False, None]), ["yes", "no", None]),
        (pa.array([" a\tb\x01 ", "x" * 500]), ["a b", "x" * MOST_LETTERS]),
        (pa.array(["1", "one"]), ["1", "one"]),
        (pa.array(["Zoë", "null"], pa.large_string()), ["Zoë", None]),
    ],
)
def test_texts(column: pa.Array, values: list[str | None]) -> None:
    cells = cells_of(column)
    assert isinstance(cells, Texts)
    assert cells.values.to_pylist() == values


@pytest.mark.parametrize("column", [pa.array([[1]]), pa.array([b"x"]), pa.array([{"a": 1}])])
def test_what_says_nothing_here(column: pa.Array) -> None:
    assert cells_of(column) is None
