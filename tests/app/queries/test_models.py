"""Models, segment events and drift as they were published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.drift import reports
from app.queries.events import segment_events
from app.queries.models import current_model, model, models, page_of_models
from tests.snapshot.logs import START, made_by_hand

if TYPE_CHECKING:
    from tests.app.queries.read_shop import ReadShop


def test_versions_are_told_the_newest_first(read_shop: ReadShop) -> None:
    found = models(read_shop.db)
    assert [(one.version, one.based_on) for one in found] == [(2, 1), (1, None)]
    assert {one.instant for one in found} == {START}


def test_versions_come_page_by_page(read_shop: ReadShop) -> None:
    first = page_of_models(read_shop.db, limit=1)
    second = page_of_models(read_shop.db, first.after, limit=1)
    assert [one.version for one in first.items + second.items] == [2, 1]
    assert second.after is None


def test_a_version_is_whole(read_shop: ReadShop) -> None:
    assert model(read_shop.db, 1) == made_by_hand(version=1)
    assert current_model(read_shop.db) == made_by_hand(version=2, based_on=1)
    assert model(read_shop.db, 3) is None


def test_reports_are_whole_and_the_newest_first(read_shop: ReadShop) -> None:
    first = reports(read_shop.db, limit=1)
    second = reports(read_shop.db, first.after, limit=1)
    found = [one.report for one in first.items + second.items]
    assert [one.decision.version for one in found] == [2, 1]
    assert {one.customers for one in found} == {60}
    assert second.after is None


def test_events_are_told_of_a_lens_and_of_a_segment(read_shop: ReadShop) -> None:
    found = segment_events(read_shop.db)
    assert [(one.happened, one.model_version) for one in found] == [("born", 2), ("born", 1)]
    assert segment_events(read_shop.db, "value", "value-1") == found
    assert segment_events(read_shop.db, "other") == []
    assert segment_events(read_shop.db, "value", "value-2") == []
