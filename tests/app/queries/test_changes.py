"""Changes against the rows they are, and followed without a gap or a double."""

from __future__ import annotations

from datetime import timedelta, timezone
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from app.queries.changes import ALL, Filters, changes, changes_after, history, places_now
from app.queries.cursors import WrongCursor
from app.queries.views import ChangeView

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.queries.views import Page
    from tests.app.queries.read_shop import ReadShop, Row

SAME = [name for name in ChangeView.__slots__ if name not in {"previous", "current", "reasons"}]


def test_a_change_is_as_its_row_says(read_shop: ReadShop) -> None:
    rows = {row["change_id"]: row for row in read_shop.changes}
    found = changes(read_shop.db, limit=1000).items
    assert {one.change_id for one in found} == rows.keys()
    assert len(found) > 50
    for one in found:
        row = rows[one.change_id]
        assert {name: getattr(one, name) for name in SAME} == {name: row[name] for name in SAME}
        for end, ref in (("previous", one.previous), ("current", one.current)):
            assert (ref and (ref.id, ref.name)) == (
                row[f"{end}_id"] and (row[f"{end}_id"], row[f"{end}_name"])
            )
        told = [
            {
                "feature": a.feature,
                "before": a.before,
                "after": a.after,
                "contribution": a.contribution,
            }
            for a in one.reasons
        ]
        assert told == row["reasons"]


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_pages_hold_every_change_once_the_newest_first(read_shop: ReadShop, limit: int) -> None:
    """Also of those at one midnight."""
    order = sorted(
        ((row["occurred_at"], row["change_id"]) for row in read_shop.changes), reverse=True
    )
    assert len({at for at, _ in order}) < len(order)
    found = _all(lambda after: changes(read_shop.db, ALL, after, limit))
    assert [(one.occurred_at, one.change_id) for one in found] == order


def test_filters_keep_out_whatever_they_say(read_shop: ReadShop) -> None:
    rows = read_shop.changes
    times = sorted({row["occurred_at"] for row in rows})
    early, late = times[len(times) // 3], times[2 * len(times) // 3]
    segment = next(row["current_id"] for row in rows if row["previous_id"])
    cases: list[tuple[Filters, Callable[[Row], bool]]] = [
        (Filters(lens="value"), lambda row: row["lens"] == "value"),
        (Filters(lens="other"), lambda row: row["lens"] == "other"),
        (Filters(causes=("moved", "time")), lambda row: row["cause"] in {"moved", "time"}),
        (
            Filters(segment=segment),
            lambda row: segment in {row["previous_id"], row["current_id"]},
        ),
        (Filters(entered=segment), lambda row: row["current_id"] == segment),
        (Filters(left=segment), lambda row: row["previous_id"] == segment),
        (
            Filters(customer_id=rows[0]["customer_id"]),
            lambda row: row["customer_id"] == rows[0]["customer_id"],
        ),
        (Filters(since=early), lambda row: row["occurred_at"] >= early),
        (Filters(until=late), lambda row: row["occurred_at"] < late),
        (
            Filters(since=early, until=late, causes=("refit",)),
            lambda row: early <= row["occurred_at"] < late and row["cause"] == "refit",
        ),
    ]
    for filters, holds in cases:
        wanted = {row["change_id"] for row in rows if holds(row)}
        found = _all(partial(_of_filters, read_shop, filters))
        assert {one.change_id for one in found} == wanted, filters
        followed = changes_after(read_shop.db, {}, filters, limit=1000)
        assert {one.change_id for one in followed.changes} == wanted, filters


def test_a_cursor_is_good_for_the_same_filters_only(read_shop: ReadShop) -> None:
    after = changes(read_shop.db, limit=1).after
    with pytest.raises(WrongCursor, match="another list"):
        changes(read_shop.db, Filters(lens="value"), after)


def test_a_history_is_one_customers_changes(read_shop: ReadShop) -> None:
    in_order = sorted(
        read_shop.changes, key=lambda row: (row["customer_id"], row["incarnation"], row["sequence"])
    )
    for customer_id, rows in groupby(in_order, key=lambda row: row["customer_id"]):
        wanted = [row["change_id"] for row in rows][::-1]
        found = _all(partial(history, read_shop.db, customer_id, None, limit=2))
        assert [one.change_id for one in found] == wanted
    assert history(read_shop.db, customer_id, "other").items == ()


@pytest.mark.parametrize("limit", [1, 2, 5, 1000])
@pytest.mark.parametrize("filters", [ALL, Filters(causes=("refit",)), Filters(lens="other")])
def test_following_has_no_gap_and_no_double(
    read_shop: ReadShop, limit: int, filters: Filters
) -> None:
    """From nowhere to the end in small steps, each partition in its own order."""
    places: dict[int, int] = {}
    found: list[ChangeView] = []
    for _ in range(len(read_shop.changes) + 5):
        followed = changes_after(read_shop.db, places, filters, limit)
        assert all(followed.places[one] >= place for one, place in places.items())
        found += followed.changes
        places = dict(followed.places)
        if followed.is_all:
            break
    else:
        pytest.fail("never reached the end")
    assert places == places_now(read_shop.db)
    wanted = {
        row["change_id"]
        for row in read_shop.changes
        if filters.lens in {None, row["lens"]}
        and (not filters.causes or row["cause"] in filters.causes)
    }
    assert len(found) == len(wanted)
    assert {one.change_id for one in found} == wanted
    for partition in places:
        positions = [one.position for one in found if one.partition == partition]
        assert positions == sorted(positions)


def test_at_the_end_there_is_nothing_and_places_stay(read_shop: ReadShop) -> None:
    """Also places that lie behind whatever was erased."""
    ahead = {one: place + 100 for one, place in places_now(read_shop.db).items()}
    followed = changes_after(read_shop.db, ahead)
    assert (followed.changes, dict(followed.places), followed.is_all) == ((), ahead, True)


def test_places_are_each_partitions_newest(read_shop: ReadShop) -> None:
    found = places_now(read_shop.db)
    assert len(found) == 2
    for partition, place in found.items():
        theirs = [row["position"] for row in read_shop.changes if row["partition"] == partition]
        assert place == max(theirs)


def test_a_time_with_any_offset_is_the_same_time(read_shop: ReadShop) -> None:
    at = read_shop.changes[0]["occurred_at"]
    shifted = at.astimezone(timezone(timedelta(hours=9)))
    found = [changes(read_shop.db, Filters(since=one), limit=1000).items for one in (at, shifted)]
    assert found[0] == found[1]


def _of_filters(read_shop: ReadShop, filters: Filters, after: str | None) -> Page[ChangeView]:
    return changes(read_shop.db, filters, after, 7)


def _all(page: Callable[[str | None], Page[ChangeView]]) -> list[ChangeView]:
    found: list[ChangeView] = []
    after: str | None = None
    while True:
        one = page(after)
        found += one.items
        after = one.after
        if after is None:
            return found
