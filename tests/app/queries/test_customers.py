"""Customers against the rows they are made of."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from app.queries import expectations
from app.queries.cursors import WrongCursor
from app.queries.customers import (
    NoSuchFeature,
    customer,
    find_customers,
    half_life_days,
    is_there,
    page_of_customers,
    sorts,
)
from app.queries.keyset import LimitError
from consumers.sink.schema import FEATURES, SORTED, column_of
from tests.app.queries.read_shop import ERASED

if TYPE_CHECKING:
    from app.queries.views import CustomerView
    from tests.app.queries.read_shop import ReadShop, Row


def test_a_customer_is_as_the_tables_say(read_shop: ReadShop) -> None:
    names = {one["segment_id"]: one["name"] for one in read_shop.segments}
    stands = {one["customer_id"]: one for one in read_shop.stands}
    for row in read_shop.customers:
        found = customer(read_shop.db, row["customer_id"])
        assert found is not None
        assert (found.customer_id, found.partition) == (row["customer_id"], row["partition"])
        assert found.as_of == row["as_of"]
        assert found.features == {name: row[name] for name in FEATURES}
        assert found.labels == {name: row[name] for name in ("country", "preferred_category")}
        assert found.half_life_days == 90
        told = stands.get(row["customer_id"])
        assert len(found.standings) == (told is not None)
        for standing in found.standings:
            assert told is not None
            refs = {"segment": standing.segment, "previous": standing.previous}
            for end, ref in refs.items():
                assert (ref and ref.id) == told[f"{end}_id"]
                assert ref is None or ref.name == names[ref.id]
            assert standing.since == told["since"]
            assert standing.changes == told["sequence"]
            assert standing.confidence == told["confidence"]
            assert standing.model_version == told["model_version"]


def test_some_customers_have_a_segment_and_one_before(read_shop: ReadShop) -> None:
    """Else the test above would have little to say."""
    assert any(one["previous_id"] for one in read_shop.stands)


def test_whoever_was_erased_is_not_there(read_shop: ReadShop) -> None:
    assert customer(read_shop.db, ERASED) is None
    assert not is_there(read_shop.db, ERASED)
    assert is_there(read_shop.db, read_shop.customers[0]["customer_id"])


def test_what_is_expected_of_a_customer_comes_along(read_shop: ReadShop) -> None:
    for row in read_shop.customers:
        found = customer(read_shop.db, row["customer_id"])
        assert found is not None
        told = read_shop.insights.get(row["customer_id"])
        assert (found.insights is None) == (told is None)
        if found.insights is not None and told is not None:
            assert asdict(found.insights) == {name: told[name] for name in asdict(found.insights)}
    assert 0 < len(read_shop.insights) < len(read_shop.customers)


@pytest.mark.parametrize("sort", SORTED)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 7, 1000])
@pytest.mark.parametrize("is_large", [False, True])
def test_pages_by_what_is_expected_end_with_those_of_whom_nothing_is(
    read_shop: ReadShop,
    sort: str,
    descending: bool,
    limit: int,
    is_large: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever index is read."""
    monkeypatch.setattr(expectations, "LARGE_SHARE", -1 if is_large else 2)
    segment_id = _largest(read_shop)
    there = [one["customer_id"] for one in read_shop.stands if one["segment_id"] == segment_id]
    values = {one: read_shop.insights.get(one, {}).get(sort) for one in there}
    known = [(value, one) for one, value in values.items() if value is not None]
    unknown = [one for one, value in values.items() if value is None]
    assert known
    assert unknown
    wanted = [
        *(one for _, one in sorted(known, reverse=descending)),
        *sorted(unknown, reverse=descending),
    ]
    found = _all_pages(read_shop, segment_id, sort, descending=descending, limit=limit)
    assert [one.customer_id for one in found] == wanted


@pytest.mark.parametrize("sort", ["customer_id", "spend_d90", "peak_month", "orders"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_pages_hold_everybody_once_and_in_order(
    read_shop: ReadShop, sort: str, descending: bool, limit: int
) -> None:
    """Also where many have the same value."""
    segment_id = _largest(read_shop)
    there = {one["customer_id"] for one in read_shop.stands if one["segment_id"] == segment_id}
    wanted = [one for one in read_shop.customers if one["customer_id"] in there]

    def key(row: Row) -> tuple[object, str]:
        return row[column_of(sort)], row["customer_id"]

    wanted.sort(key=key, reverse=descending)
    found = _all_pages(read_shop, segment_id, sort, descending=descending, limit=limit)
    assert [one.customer_id for one in found] == [row["customer_id"] for row in wanted]
    assert {one.standings[0].segment.id for one in found if one.standings[0].segment} == {
        segment_id
    }


def test_who_is_in_no_segment_is_found_too(read_shop: ReadShop) -> None:
    there = {one["customer_id"] for one in read_shop.stands if one["segment_id"] is None}
    page = page_of_customers(read_shop.db, "value", None, limit=1000)
    assert {one.customer_id for one in page.items} == there


def test_every_feature_sorts_by_both_its_names(read_shop: ReadShop) -> None:
    names = sorts(half_life_days(read_shop.db))
    assert {"customer_id", "spend_d90", "spend_decayed", *FEATURES} <= set(names)
    segment_id = _largest(read_shop)
    for name in names:
        by_name, by_column = (
            page_of_customers(read_shop.db, "value", segment_id, sort=one, limit=5).items
            for one in (name, column_of(name))
        )
        assert by_name
        assert by_name == by_column


def test_what_cannot_be_is_refused(read_shop: ReadShop) -> None:
    segment_id = _largest(read_shop)
    first = page_of_customers(read_shop.db, "value", segment_id, limit=1)
    with pytest.raises(WrongCursor, match="another list"):
        page_of_customers(read_shop.db, "value", segment_id, sort="spend", after=first.after)
    with pytest.raises(WrongCursor, match="another list"):
        page_of_customers(read_shop.db, "value", "value-99", after=first.after)
    with pytest.raises(WrongCursor, match="another list"):
        page_of_customers(read_shop.db, "value", segment_id, sort="clv", after=first.after)
    with pytest.raises(WrongCursor, match="is none"):
        page_of_customers(read_shop.db, "value", segment_id, after="nonsense")
    with pytest.raises(NoSuchFeature):
        page_of_customers(read_shop.db, "value", segment_id, sort="customer_id; --")
    for limit in (0, 1001):
        with pytest.raises(LimitError):
            page_of_customers(read_shop.db, "value", segment_id, limit=limit)


@pytest.mark.parametrize("prefix", ["", "c", "c1", "c12", "c%", "_", "C1", "x", "\U0010ffff"])
def test_customers_are_found_by_how_their_ids_begin(read_shop: ReadShop, prefix: str) -> None:
    wanted = sorted(
        one["customer_id"] for one in read_shop.customers if one["customer_id"].startswith(prefix)
    )
    assert find_customers(read_shop.db, prefix, limit=1000) == wanted
    assert find_customers(read_shop.db, prefix, limit=3) == wanted[:3]


def _largest(read_shop: ReadShop) -> str:
    there: list[str] = [one["segment_id"] for one in read_shop.stands if one["segment_id"]]
    return max(sorted(set(there)), key=there.count)


def _all_pages(
    read_shop: ReadShop, segment_id: str, sort: str, *, descending: bool, limit: int
) -> list[CustomerView]:
    found: list[CustomerView] = []
    after: str | None = None
    while True:
        page = page_of_customers(
            read_shop.db,
            "value",
            segment_id,
            sort=sort,
            descending=descending,
            after=after,
            limit=limit,
        )
        assert len(page.items) <= limit
        found += page.items
        after = page.after
        if after is None:
            return found
