"""`GET /changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.api.bodies.changes import ChangePage
from tests.app.api.routes.answers import problem, read
from tests.consumers.sink.shop import as_message

if TYPE_CHECKING:
    from tests.app.api.routes.conftest import Get
    from tests.app.queries.read_shop import ReadShop


def test_changes_are_told_as_the_topic_has_them(read_shop: ReadShop, get: Get) -> None:
    rows = sorted(
        read_shop.changes, key=lambda row: (row["occurred_at"], row["change_id"]), reverse=True
    )
    first = read(get("/changes", limit=5), ChangePage)
    second = read(get("/changes", limit=1000, after=first.next), ChangePage)
    assert [*first.items, *second.items] == [as_message(row) for row in rows]


def test_filters_are_taken_together(read_shop: ReadShop, get: Get) -> None:
    row = next(row for row in read_shop.changes if row["cause"] == "refit")
    asked: dict[str, Any] = {
        "lens": "value",
        "cause": ["refit", "moved"],
        "segment": row["current_id"],
        "since": row["occurred_at"].isoformat(),
    }
    found = read(get("/changes", **asked), ChangePage)
    assert row["change_id"] in {one.change_id for one in found.items}
    for one in found.items:
        assert one.cause in {"refit", "moved"}
        assert row["current_id"] in {ref.id for ref in (one.previous, one.current) if ref}
        assert one.occurred_at >= row["occurred_at"]
    assert (
        read(get("/changes", until=row["occurred_at"].isoformat()), ChangePage).items
        == [
            as_message(one)
            for one in sorted(
                read_shop.changes,
                key=lambda one: (one["occurred_at"], one["change_id"]),
                reverse=True,
            )
            if one["occurred_at"] < row["occurred_at"]
        ][:100]
    )


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"lens": "nope"}, "unknown-lens"),
        ({"segment": "nope"}, "unknown-segment"),
        ({"cause": "nope"}, "unusable-request"),
        ({"since": "2011-01-01T00:00:00"}, "unusable-request"),
        ({"since": "0001-01-01T00:00:00+14:00"}, "unusable-request"),
        ({"until": "soon"}, "unusable-request"),
        ({"after": "nope"}, "unusable-request"),
        ({"after": "ü"}, "unusable-request"),
    ],
)
def test_what_cannot_be_is_a_problem(get: Get, asked: dict[str, str], kind: str) -> None:
    told = problem(get("/changes", **asked), 422, kind)
    assert all(value not in told["detail"] for value in asked.values())
