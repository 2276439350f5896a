"""Cursors: what comes back, and that nothing else gets in."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.queries.cursors import (
    INSTANT,
    NUMBER,
    TEXT,
    WHOLE,
    WrongCursor,
    cursor_for,
    place_of,
)

KINDS = [INSTANT, NUMBER, WHOLE, TEXT]
AT = datetime(2011, 1, 1, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=256),
)
def test_a_place_comes_back_to_the_bit(at: datetime, value: float, whole: int, text: str) -> None:
    place = (at, value, whole, text)
    assert place_of("list", cursor_for("list", place), KINDS) == place


@given(st.text())
def test_junk_is_refused(junk: str) -> None:
    with pytest.raises(WrongCursor):
        place_of("list", junk, KINDS)


@pytest.mark.parametrize(
    "place",
    [
        ["0001-01-01T00:00:00+14:00", 1.0, 1, "a"],
        ["2011-01-01T00:00:00", 1.0, 1, "a"],
        [AT.isoformat(), 1.0, 2**63, "a"],
        [AT.isoformat(), 1.0, 1, "a\0"],
        [AT.isoformat(), "1.0", 1, "a"],
        [AT.isoformat(), 1.0, 1],
    ],
)
def test_a_place_that_no_database_takes_is_refused(place: list[Any]) -> None:
    """Whoever makes a cursor up knows how the mark is made."""
    mark = json.loads(base64.urlsafe_b64decode(cursor_for("list", []) + "=="))[0]
    made_up = base64.urlsafe_b64encode(json.dumps([mark, *place]).encode()).decode()
    with pytest.raises(WrongCursor, match="is none"):
        place_of("list", made_up, KINDS)


def test_a_cursor_is_good_for_its_own_list_only() -> None:
    with pytest.raises(WrongCursor, match="another list"):
        place_of("another", cursor_for("list", [AT, 1.0, 1, "a"]), KINDS)
