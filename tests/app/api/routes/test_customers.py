"""`GET /customers/{id}` and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.api.bodies.changes import ChangePage
from app.api.bodies.customers import CustomerBody, InsightsBody
from app.queries.customers import customer
from app.queries.standing import measured
from stream.profile.catalogue import catalogue
from tests.app.api.routes.answers import problem, read
from tests.app.queries.read_shop import ERASED
from tests.consumers.sink.shop import as_message

if TYPE_CHECKING:
    from tests.app.api.routes.conftest import Get
    from tests.app.queries.read_shop import ReadShop


def test_a_customer_is_told_with_all_that_is_known(read_shop: ReadShop, get: Get) -> None:
    for row in read_shop.customers[:10]:
        found = read(get(f"/customers/{row['customer_id']}"), CustomerBody)
        known = customer(read_shop.db, row["customer_id"])
        assert known is not None
        assert found.customer_id == row["customer_id"]
        assert found.as_of == row["as_of"]
        assert list(found.features) == [one.name for one in catalogue(90)]
        assert list(found.features.values()) == list(known.features.values())
        assert found.labels == known.labels
        assert list(found.lenses) == ["value"]
        standing, told = found.lenses["value"], known.standings[0]
        lies = measured(read_shop.db, told, known.features)
        assert (standing.segment and standing.segment.id) == (told.segment and told.segment.id)
        assert standing.since == told.since
        assert standing.confidence == told.confidence
        assert standing.margin == lies.margin
        assert [one.distance for one in standing.distances] == [a.distance for a in lies.distances]
        assert [one.feature for one in standing.reasons] == [g.feature for g in lies.grounds]


def test_what_is_expected_of_a_customer_is_told(read_shop: ReadShop, get: Get) -> None:
    for row in read_shop.customers:
        found = read(get(f"/customers/{row['customer_id']}"), CustomerBody)
        told = read_shop.insights.get(row["customer_id"])
        assert (found.insights is None) == (told is None)
        if found.insights is not None and told is not None:
            assert found.insights == InsightsBody.model_validate(told)


def test_a_history_is_told_as_the_topic_has_it(read_shop: ReadShop, get: Get) -> None:
    customer_id = max(
        (row["customer_id"] for row in read_shop.changes),
        key=lambda one: sum(row["customer_id"] == one for row in read_shop.changes),
    )
    theirs = [row for row in read_shop.changes if row["customer_id"] == customer_id]
    theirs.sort(key=lambda row: (row["incarnation"], row["sequence"]), reverse=True)
    first = read(get(f"/customers/{customer_id}/history", limit=1), ChangePage)
    second = read(get(f"/customers/{customer_id}/history", after=first.next), ChangePage)
    assert [*first.items, *second.items] == [as_message(row) for row in theirs]
    assert second.next is None


@pytest.mark.parametrize("customer_id", ["nobody", ERASED, "a/b", "Ünïcödé 🐟", "c1%25", "' OR 1"])
@pytest.mark.parametrize("more", ["", "/history", "/recommendations"])
def test_whoever_is_not_there_is_a_404_that_does_not_say_who(
    get: Get, customer_id: str, more: str
) -> None:
    told = problem(get(f"/customers/{customer_id}{more}"), 404, "unknown-customer")
    assert customer_id not in told["detail"]


@pytest.mark.parametrize("customer_id", ["%00", "a%09b", "x" * 257])
def test_an_id_that_nobody_can_have_is_refused(get: Get, customer_id: str) -> None:
    problem(get(f"/customers/{customer_id}"), 422, "unusable-request")


def test_a_history_of_no_such_lens_is_refused(read_shop: ReadShop, get: Get) -> None:
    path = f"/customers/{read_shop.customers[0]['customer_id']}/history"
    told = problem(get(path, lens="nope"), 422, "unknown-lens")
    assert "value" in told["detail"]
    assert "nope" not in told["detail"]
