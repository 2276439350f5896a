"""`GET /segments`, one of them, and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.api.bodies.customers import MemberPage
from app.api.bodies.segments import SegmentDetail, SegmentList
from app.queries.segments import segments
from tests.app.api.routes.answers import problem, read

if TYPE_CHECKING:
    from tests.app.api.routes.conftest import Get
    from tests.app.queries.read_shop import ReadShop


def test_segments_are_told_the_largest_first(read_shop: ReadShop, get: Get) -> None:
    found = read(get("/segments"), SegmentList)
    assert (found.lens, found.lenses) == ("value", ["value"])
    known = segments(read_shop.db, "value")
    assert [one.segment.id for one in found.items] == [one.segment_id for one in known]
    for one, view in zip(found.items, known, strict=True):
        assert (one.customers, one.share, one.revenue) == (view.customers, view.share, view.revenue)
        assert list(one.means.values()) == list(view.means.values())
    assert read(get("/segments", lens="value"), SegmentList) == found


def test_a_segment_is_told_with_what_became_of_it(get: Get) -> None:
    items = {one.segment.id: one for one in read(get("/segments"), SegmentList).items}
    for segment_id, item in items.items():
        found = read(get(f"/segments/{segment_id}", lens="value"), SegmentDetail)
        assert found.segment == item.segment
        assert found.customers == item.customers
        events = ["born", "born"] if segment_id == "value-1" else []
        assert [one.happened for one in found.events] == events


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_customers_of_a_segment_come_page_by_page(
    read_shop: ReadShop, get: Get, order: str
) -> None:
    segment_id = segments(read_shop.db, "value")[0].segment_id
    path, asked = f"/segments/{segment_id}/customers", {"sort": "spend_d90", "order": order}
    found, after = [], None
    while True:
        page = read(get(path, limit=4, **asked, **({"after": after} if after else {})), MemberPage)
        found += page.items
        after = page.next
        if after is None:
            break
    there = {row["customer_id"] for row in read_shop.stands if row["segment_id"] == segment_id}
    assert {one.customer_id for one in found} == there
    assert len(found) == len(there)
    spent = [one.features["spend_d90"] for one in found]
    assert spent == sorted(spent, reverse=order == "descending")


def test_customers_come_by_what_is_expected_of_them(read_shop: ReadShop, get: Get) -> None:
    segment_id = segments(read_shop.db, "value")[0].segment_id
    path = f"/segments/{segment_id}/customers"
    for sort in ("clv", "churn_risk", "probability_alive"):
        page = read(get(path, sort=sort, order="descending", limit=1000), MemberPage)
        there = {row["customer_id"] for row in read_shop.stands if row["segment_id"] == segment_id}
        assert {one.customer_id for one in page.items} == there
        values: list[float | None] = [getattr(one.insights, sort, None) for one in page.items]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=True)
        assert values == known + [None] * (len(values) - len(known))


@pytest.mark.parametrize(
    ("path", "asked", "status", "kind"),
    [
        ("/segments", {"lens": "nope"}, 422, "unknown-lens"),
        ("/segments", {"lens": ""}, 422, "unusable-request"),
        ("/segments/nope", {}, 404, "unknown-segment"),
        ("/segments/nope/customers", {}, 404, "unknown-segment"),
        ("/segments/value-1", {"lens": "nope"}, 422, "unknown-lens"),
        ("/segments/value-1/customers", {"sort": "nope"}, 422, "unknown-feature"),
        ("/segments/value-1/customers", {"sort": "spend_d30"}, 422, "unknown-feature"),
        ("/segments/value-1/customers", {"order": "up"}, 422, "unusable-request"),
        ("/segments/value-1/customers", {"after": "nope"}, 422, "unusable-request"),
        ("/segments/value-1/customers", {"limit": 0}, 422, "unusable-request"),
        ("/segments/value-1/customers", {"limit": 1001}, 422, "unusable-request"),
        ("/segments/nope/recommendations", {}, 404, "unknown-segment"),
        ("/segments/value-1/recommendations", {"lens": "nope"}, 422, "unknown-lens"),
        ("/segments/value-1/recommendations", {"count": 0}, 422, "unusable-request"),
        ("/segments/value-1/recommendations", {"count": 11}, 422, "unusable-request"),
    ],
)
def test_what_cannot_be_is_a_problem(
    get: Get, path: str, asked: dict[str, str], status: int, kind: str
) -> None:
    problem(get(path, **asked), status, kind)
