"""Labels are counted as the segment's customers have them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.queries.freshness import freshness
from app.queries.labels import labelled

if TYPE_CHECKING:
    from tests.app.queries.read_shop import ReadShop


def test_the_commonest_label_of_a_segment_comes_first(read_shop: ReadShop) -> None:
    by_id = {one["customer_id"]: one for one in read_shop.customers}
    for segment in {one["segment_id"] for one in read_shop.stands if one["segment_id"]}:
        theirs = [
            by_id[one["customer_id"]]["country"]
            for one in read_shop.stands
            if one["segment_id"] == segment and one["lens"] == "value"
            if one["customer_id"] in by_id
        ]
        found = labelled(read_shop.db, "value", segment, "country")
        assert {one.label: one.customers for one in found} == Counter(theirs)
        counts = [one.customers for one in found]
        assert counts == sorted(counts, reverse=True)


def test_freshness_has_all_partitions(read_shop: ReadShop) -> None:
    found = freshness(read_shop.db)
    assert found.partitions == 2
    assert found.newest is not None
    assert found.slowest is not None
    assert found.newest >= found.slowest
    assert found.newest.tzinfo is not None
