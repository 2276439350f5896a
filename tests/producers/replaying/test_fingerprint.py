from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from producers.replaying.fingerprint import ContentHash
from tests.producers.some_lines import any_line, cut, lines

some_rows = st.lists(any_line(), max_size=6)


def content(rows: list[dict[str, Any]], sizes: list[int] | None = None) -> str:
    seen = ContentHash()
    for batch in cut(lines(rows), sizes or []):
        seen.add(batch)
    return seen.hexdigest()


@given(some_rows, st.lists(st.integers(1, 3), max_size=6))
def test_the_same_lines_are_the_same_wherever_they_are_cut(
    rows: list[dict[str, Any]], sizes: list[int]
) -> None:
    assert content(rows, sizes) == content(rows)


@given(some_rows, some_rows)
def test_other_lines_are_others(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    assume(rows != others)
    assert content(rows) != content(others)


def test_a_null_is_not_what_lies_under_it() -> None:
    assert content([{"amount": None}]) != content([{"amount": 0.0}])
    assert content([{"country": None}]) != content([{"country": ""}])


def test_text_may_not_move_over_to_the_next_row() -> None:
    one, other = (
        [{"customer_id": first}, {"customer_id": second}]
        for first, second in (("ab", "c"), ("a", "bc"))
    )
    assert content(one) != content(other)
