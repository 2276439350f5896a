from __future__ import annotations

import math
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.reading.numbers import has_decimal_commas, numbers


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_what_python_writes_is_read_back(values: list[float]) -> None:
    found = numbers(pa.array([repr(value) for value in values]))
    assert found.values.tolist() == values
    assert found.usable.all()


@settings(deadline=None)
@given(st.lists(st.text(max_size=12)))
def test_one_bad_cell_spoils_only_itself(texts: list[str]) -> None:
    safe = [text.encode("utf-8", "replace").decode() for text in texts]
    found = numbers(pa.array([*safe, "2.5", None], pa.string()))
    assert found.values[-2:].tolist() == [2.5, 0.0]
    assert found.missing[-1]
    assert all(math.isfinite(value) for value in found.values)


@pytest.mark.parametrize(
    "text", ["free", "1,200.00", "1,5", "$5", "inf", "nan", "1e999", "0x10", "1_000", "5 6", "--5"]
)
def test_what_is_no_number_is_wrong_and_not_missing(text: str) -> None:
    found = numbers(pa.array([text, " 5 "]))
    assert found.wrong.tolist() == [True, False]
    assert not found.missing.any()
    assert found.values.tolist() == [0.0, 5.0]


def test_decimal_commas_are_read_where_they_are_used() -> None:
    column = pa.array(["1.234,50", "3,5", "-0,25", "1.000", "7", "1,234.50", None])
    assert has_decimal_commas(column)
    found = numbers(column, decimal_comma=True)
    assert found.values.tolist() == [1234.5, 3.5, -0.25, 1000.0, 7.0, 0.0, 0.0]
    assert found.wrong.tolist() == [False] * 5 + [True, False]
    assert not has_decimal_commas(pa.array(["3.50", "1,200.00", "x,y"]))


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2, None], pa.int32()),
        pa.array([2.0, math.nan]),
        pa.array([Decimal("2.00"), None]),
        pa.array(["2", None]).dictionary_encode(),
        pa.array(["2", None], pa.large_string()),
    ],
)
def test_typed_columns_are_taken_at_their_word(column: pa.Array) -> None:
    found = numbers(column)
    assert found.values.tolist() == [2.0, 0.0]
    assert found.missing.tolist() == [False, True]
    assert not found.wrong.any()


def test_a_truth_value_is_no_number() -> None:
    assert numbers(pa.array([True, None])).wrong.tolist() == [True, False]
