"""Migrations against where each customer was, reckoned change by change."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.queries.migrations import Move, flows, latest, migrations, segment_names, sizes_at

if TYPE_CHECKING:
    from datetime import datetime

    from tests.app.queries.read_shop import ReadShop

SECOND = timedelta(seconds=1)


def test_sizes_at_any_instant_are_where_everybody_was(read_shop: ReadShop) -> None:
    for instant in _instants(read_shop):
        there = Counter(one for one in _where(read_shop, instant).values() if one)
        assert sizes_at(read_shop.db, "value", instant) == there


def test_everybody_moves_from_where_they_were_to_where_they_are(read_shop: ReadShop) -> None:
    instants = _instants(read_shop)
    for since, until in zip(instants, instants[2:], strict=False):
        before, after = _where(read_shop, since), _where(read_shop, until)
        wanted = Counter((before.get(one), segment) for one, segment in after.items())
        found = migrations(read_shop.db, "value", since, until)
        assert {(one.previous, one.current): one.customers for one in found.moves} == wanted
        assert found.before == sizes_at(read_shop.db, "value", since)
        assert found.after == sizes_at(read_shop.db, "value", until)
        counts = [one.customers for one in found.moves]
        assert counts == sorted(counts, reverse=True)


def test_between_an_instant_and_itself_nobody_moves(read_shop: ReadShop) -> None:
    at = _instants(read_shop)[-2]
    found = migrations(read_shop.db, "value", at, at)
    assert all(one.previous == one.current for one in found.moves)
    assert flows(read_shop.db, "value", at, at) == ()


def test_flows_are_every_change_by_itself(read_shop: ReadShop) -> None:
    since, until = _instants(read_shop)[0], _instants(read_shop)[-1]
    counted = Counter(
        (row["previous_id"], row["current_id"])
        for row in read_shop.changes
        if since < row["occurred_at"] <= until
    )
    assert set(flows(read_shop.db, "value", since, until)) == {
        Move(*ends, customers) for ends, customers in counted.items()
    }
    assert flows(read_shop.db, "other", since, until) == ()


def test_names_and_event_time_are_told(read_shop: ReadShop) -> None:
    names = {row["segment_id"]: row["name"] for row in read_shop.segments}
    assert segment_names(read_shop.db, "value") == names
    assert latest(read_shop.db) == max(row["as_of"] for row in read_shop.customers)


@pytest.mark.parametrize("lens", ["other", ""])
def test_a_lens_that_is_none_has_no_migrations(read_shop: ReadShop, lens: str) -> None:
    since, until = _instants(read_shop)[0], _instants(read_shop)[-1]
    assert migrations(read_shop.db, lens, since, until).moves == ()


def _instants(read_shop: ReadShop) -> list[datetime]:
    """Before everything, at changes and between them, after everything."""
    times = sorted({row["occurred_at"] for row in read_shop.changes})
    some = times[:: max(1, len(times) // 6)]
    around = {at + shift for at in some for shift in (timedelta(), -SECOND)}
    return sorted({times[0] - SECOND, *around, times[-1], times[-1] + SECOND})


def _where(read_shop: ReadShop, instant: datetime) -> dict[str, str | None]:
    """The segment of everybody of whom something was known by then."""
    in_order = sorted(read_shop.changes, key=lambda row: (row["incarnation"], row["sequence"]))
    return {
        row["customer_id"]: row["current_id"] for row in in_order if row["occurred_at"] <= instant
    }
