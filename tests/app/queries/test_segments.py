"""Segments against the rows they are counted from."""

from __future__ import annotations

from collections import Counter
from statistics import fmean
from typing import TYPE_CHECKING

import pytest

from app.queries import segments as asked
from app.queries.segments import lenses, segments, segments_ever, sizes
from consumers.sink.schema import FEATURES

if TYPE_CHECKING:
    from app.queries.views import SegmentView
    from tests.app.queries.read_shop import ReadShop, Row


def test_lenses_are_the_newest_models(read_shop: ReadShop) -> None:
    assert lenses(read_shop.db) == ["value"]


def test_sizes_are_counted(read_shop: ReadShop) -> None:
    assert sizes(read_shop.db, "value") == _counted(read_shop)
    assert sizes(read_shop.db, "nothing") == {}


def test_each_segment_is_what_its_customers_are(read_shop: ReadShop) -> None:
    found = segments(read_shop.db, "value")
    counted = _counted(read_shop)
    assert [one.customers for one in found] == sorted(
        (one.customers for one in found), reverse=True
    )
    assert {one.segment_id for one in found} == {one["segment_id"] for one in read_shop.segments}
    assert sum(one.share for one in found) == pytest.approx(1)
    for one in found:
        theirs = _members(read_shop, one.segment_id)
        assert one.customers == one.measured == counted.get(one.segment_id, 0) == len(theirs)
        assert one.share == len(theirs) / sum(counted.values())
        assert one.revenue == pytest.approx(sum(row["spend"] for row in theirs))
        wanted = {name: fmean(row[name] for row in theirs) for name in FEATURES} if theirs else {}
        assert one.means == pytest.approx(wanted)


def test_a_large_shops_means_are_a_samples(
    read_shop: ReadShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample that is everybody says the same; whoever hardly turns up in one is looked up."""
    exact = segments(read_shop.db, "value")
    for few in (0, 1_000):
        monkeypatch.setattr(asked, "MOST_MEASURED", 0)
        monkeypatch.setattr(asked, "FEW", few)
        read_shop.db.memory.forget()
        _alike(segments(read_shop.db, "value"), exact)
    read_shop.db.memory.forget()


def test_there_are_segments_without_customers_too(read_shop: ReadShop) -> None:
    found = {one.segment_id: one for one in segments_ever(read_shop.db)}
    assert found.keys() == {one["segment_id"] for one in read_shop.segments}
    assert not any(one.customers or one.is_retired for one in found.values())
    assert {one.kind for one in found.values()} == {"learned", "rule"}


def _alike(found: list[SegmentView], exact: list[SegmentView]) -> None:
    assert [one.segment_id for one in found] == [one.segment_id for one in exact]
    for one, wanted in zip(found, exact, strict=True):
        assert (one.customers, one.measured) == (wanted.customers, wanted.measured)
        assert one.means == pytest.approx(wanted.means)
        assert one.revenue == pytest.approx(wanted.revenue)


def _counted(read_shop: ReadShop) -> dict[str, int]:
    return dict(Counter(one["segment_id"] for one in read_shop.stands if one["segment_id"]))


def _members(read_shop: ReadShop, segment_id: str) -> list[Row]:
    there = {one["customer_id"] for one in read_shop.stands if one["segment_id"] == segment_id}
    return [one for one in read_shop.customers if one["customer_id"] in there]
