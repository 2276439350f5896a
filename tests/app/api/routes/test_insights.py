"""`GET /insights`, and what is recommended to customers and to segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.api.bodies.insights import InsightsReport
from app.api.bodies.recommendations import CustomerRecommendations, SegmentRecommendations
from app.api.bodies.segments import SegmentDetail
from app.queries.insights import latest_report
from tests.app.api.routes.answers import problem, read

if TYPE_CHECKING:
    from tests.app.api.routes.conftest import Get
    from tests.app.queries.read_shop import ReadShop


def test_the_last_report_is_told_as_its_topic_has_it(read_shop: ReadShop, get: Get) -> None:
    found, told = read(get("/insights"), InsightsReport), latest_report(read_shop.db)
    assert told is not None
    assert found.model_dump() == told.model_dump()
    segment = read(get("/segments/value-1"), SegmentDetail)
    assert (segment.expected_at, segment.clv) == (told.instant, told.segments[0].clv)
    assert segment.probability_alive == told.segments[0].probability_alive
    assert segment.churn_risk == told.segments[0].churn_risk


def test_a_customers_own_products_come_first(read_shop: ReadShop, get: Get) -> None:
    told = next(row for row in read_shop.insights.values() if row["recommended"])
    path = f"/customers/{told['customer_id']}/recommendations"
    asked: list[tuple[dict[str, Any], str, int]] = [
        ({}, "recommended", 5),
        ({"count": 1}, "recommended", 1),
        ({"only_new": True}, "recommended_new", 5),
    ]
    for params, column, count in asked:
        found = read(get(path, **params), CustomerRecommendations)
        assert found.products == told[column][:count]
        assert (found.source, found.segment, found.instant) == ("customer", None, told["instant"])
        assert found.only_new == bool(params.get("only_new"))


def test_who_has_none_of_their_own_gets_a_segments(read_shop: ReadShop, get: Get) -> None:
    own = {one for one, row in read_shop.insights.items() if row["recommended"]}
    sources = set()
    for row in read_shop.stands:
        if row["customer_id"] in own:
            continue
        path = f"/customers/{row['customer_id']}/recommendations"
        found = read(get(path, only_new=True, count=1), CustomerRecommendations)
        sources.add(found.source)
        if row["segment_id"] == "value-1":
            assert (found.products, found.lens, found.only_new) == (["p3"], "value", False)
            assert found.segment is not None
            assert found.segment.id == "value-1"
        else:
            assert (found.products, found.source, found.instant) == ([], None, None)
    assert sources == {"segment", None}


def test_a_segments_products_are_told(get: Get) -> None:
    found = read(get("/segments/value-1/recommendations", count=1), SegmentRecommendations)
    assert (found.products, found.lens, found.segment.id) == (["p3"], "value", "value-1")
    other = read(get("/segments/value-2/recommendations"), SegmentRecommendations)
    assert (other.products, other.instant) == ([], None)


@pytest.mark.parametrize("asked", [{"count": 0}, {"count": 11}, {"only_new": "perhaps"}])
def test_what_cannot_be_is_a_problem(
    read_shop: ReadShop, get: Get, asked: dict[str, object]
) -> None:
    path = f"/customers/{read_shop.customers[0]['customer_id']}/recommendations"
    problem(get(path, **asked), 422, "unusable-request")
