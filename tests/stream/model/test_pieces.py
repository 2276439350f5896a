"""Texts in columns are the texts there are one by one."""

from __future__ import annotations

from datetime import datetime
from math import isclose
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stream.contracts.bounds import END_OF_INSTANTS
from stream.contracts.instant import milliseconds
from stream.model.change import instant
from stream.model.digits import LEAST
from stream.model.pieces import Source, where
from tests.stream.model.plain_changes import in_digits

if TYPE_CHECKING:
    from stream.log.batch import Spans

anything = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\u001f,\n\x00/'))


def texts_of(source: Source, *row: Spans) -> list[str]:
    """What is joined, text by text."""
    together, lengths = source.joined(row)
    ends = np.cumsum(lengths.sum(axis=0)).tolist()
    joined = together.tobytes()
    return [joined[begin:end].decode() for begin, end in zip([0, *ends], ends, strict=False)]


def laid(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    encoded = [text.encode() for text in texts]
    return np.frombuffer(b"".join(encoded), np.uint8), np.array([len(one) for one in encoded])


@given(st.lists(anything, min_size=1))
def test_texts_of_all_kinds_are_escaped_as_each_alone(texts: list[str]) -> None:
    source = Source(len(texts))
    source.constant(b"something before")
    plain, escaped = source.texts(*laid(texts)), source.json_texts(*laid(texts))
    assert texts_of(source, plain) == texts
    assert texts_of(source, escaped) == [msgspec.json.encode(text).decode()[1:-1] for text in texts]


@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=1))
@example([(1.7976931348623157e308, 5.6319088950449994e-123)])  # nearly in the middle of two
def test_numbers_are_read_again_in_twelve_digits(rows: list[tuple[float, float]]) -> None:
    source = Source(len(rows))
    first, second = source.numbers(np.array(rows))
    for column, place in ((second, 1), (first, 0)):
        plain = [in_digits(row[place]) for row in rows]
        assert texts_of(source, column) == [msgspec.json.encode(one).decode() for one in plain]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_twelve_digits_are_as_near_as_that(number: float) -> None:
    said = in_digits(number)
    assert said is not None
    assert isclose(said, number, rel_tol=1e-11, abs_tol=LEAST)


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1))
def test_whole_numbers_have_all_their_digits(numbers: list[int]) -> None:
    source = Source(len(numbers))
    assert texts_of(source, source.wholes(np.array(numbers))) == [str(one) for one in numbers]


def test_no_numbers_are_no_columns() -> None:
    assert Source(3).numbers(np.empty((3, 0))) == []


@given(st.lists(st.integers(0, milliseconds(END_OF_INSTANTS) - 1), min_size=1))
def test_instants_are_read_again_as_they_were(at_ms: list[int]) -> None:
    at_ms += [at // 1000 * 1000 for at in at_ms]
    source = Source(len(at_ms))
    said = texts_of(source, source.instants(np.array(at_ms)), source.constant(b"+00:00"))
    assert [datetime.fromisoformat(text) for text in said] == [instant(at) for at in at_ms]
    assert len(said[-1]) == len("1970-01-01T00:00:00+00:00")


@pytest.mark.parametrize("there", [[1, 0, 1], [0, 0, 0]])
def test_a_piece_can_be_left_out(there: list[int]) -> None:
    source = Source(3)
    words = source.choice([b"a", b"bc", b""], np.array([1, -1, 0]))
    here = where(np.array(there), source.constant(b"!"))
    marks = ["!" if one else "" for one in there]
    assert texts_of(source, words, here) == [
        word + mark for word, mark in zip(["bc", "", "a"], marks, strict=True)
    ]
