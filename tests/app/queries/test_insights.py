"""What snapshots expect, against the messages that it was told by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.queries.customers import customer
from app.queries.database import open_database
from app.queries.insights import (
    expected_of_segments,
    latest_report,
    recommended_in,
    recommended_to,
)
from app.queries.segments import segments
from app.queries.views import Ref
from consumers.sink.insight_rows import report_rows, segment_insight_rows
from consumers.sink.open import open_store
from tests.consumers.sink.expecting import FIRST_SEGMENT, report
from tests.snapshot.logs import NOW, START

if TYPE_CHECKING:
    from tests.app.queries.read_shop import ReadShop

FIRST = Ref(FIRST_SEGMENT.id, FIRST_SEGMENT.name)


def test_the_newest_report_is_the_one_that_was_told(read_shop: ReadShop) -> None:
    found = latest_report(read_shop.db)
    assert found is not None
    assert found == report(found.instant)
    assert {row["instant"] for row in read_shop.insights.values()} == {found.instant}


def test_segments_come_with_what_the_last_report_says_of_them(read_shop: ReadShop) -> None:
    told = {one.segment.id: one for one in report(START).segments}
    found = {one.segment_id: one for one in segments(read_shop.db, "value")}
    for segment_id, one in told.items():
        expected = expected_of_segments(read_shop.db)["value", segment_id]
        assert (expected.customers, expected.revenue) == (one.customers, one.revenue)
        assert (expected.churn_auc, expected.recommended) == (one.churn_auc, one.recommended)
        if segment_id in found:
            view = found[segment_id]
            assert (view.clv, view.probability_alive, view.churn_risk) == (
                one.clv,
                one.probability_alive,
                one.churn_risk,
            )
            assert view.expected_at is not None
    assert FIRST.id in found
    untold = [one for one in found.values() if one.segment_id not in told]
    assert untold
    assert all(one.expected_at is None and one.clv is None for one in untold)


@pytest.mark.parametrize("only_new", [False, True])
def test_customers_have_products_of_their_own_or_their_segments(
    read_shop: ReadShop, only_new: bool
) -> None:
    column = "recommended_new" if only_new else "recommended"
    sources = set()
    for row in read_shop.customers:
        found = customer(read_shop.db, row["customer_id"])
        assert found is not None
        told = recommended_to(read_shop.db, found, only_new=only_new)
        sources.add(told.source)
        theirs = read_shop.insights.get(row["customer_id"], {}).get(column)
        if theirs:
            assert (told.products, told.source) == (tuple(theirs), "customer")
            assert (told.is_new, told.segment) == (only_new, None)
        elif [one.segment.id for one in found.standings if one.segment] == [FIRST.id]:
            assert (told.products, told.source) == (("p3", "p1"), "segment")
            assert (told.is_new, told.lens) == (False, "value")
            assert told.segment == found.standings[0].segment
        else:
            assert (told.products, told.source, told.instant) == ((), None, None)
    assert sources == {"customer", "segment", None}


def test_a_segment_of_which_nothing_is_said_has_no_products(read_shop: ReadShop) -> None:
    assert recommended_in(read_shop.db, "value", FIRST).products == ("p3", "p1")
    for other in (Ref("value-2", "Second"), Ref("nope", "nope"), None):
        assert recommended_in(read_shop.db, "value", other).products == ()


def test_of_several_snapshots_the_newest_holds(database: str) -> None:
    with open_store(database) as store, open_database(database) as db:
        store.migrate()
        assert latest_report(db) is None
        assert expected_of_segments(db) == {}
        db.memory.forget()
        with store.writing() as writing:
            for one in (report(NOW, 2.0), report(START, 1.0)):
                writing.put(segment_insight_rows(one))
                writing.put(report_rows([one]))
        assert latest_report(db) == report(NOW, 2.0)
        assert expected_of_segments(db)["value", FIRST.id].clv == 2.0
