"""`GET /migrations`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.api.bodies.migrations import MigrationsBody
from app.queries.database import open_database
from app.queries.migrations import latest, migrations
from consumers.sink.open import open_store
from tests.app.api.asking import ask
from tests.app.api.made import made_api
from tests.app.api.routes.answers import problem, read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.api.routes.conftest import Get
    from tests.app.queries.read_shop import ReadShop


def test_the_last_week_is_told_where_nothing_is_said(read_shop: ReadShop, get: Get) -> None:
    found = read(get("/migrations"), MigrationsBody)
    end = latest(read_shop.db)
    assert end is not None
    assert (found.since, found.until) == (end - timedelta(days=7), end)
    known = migrations(read_shop.db, "value", found.since, found.until)
    assert [
        (one.previous and one.previous.id, one.current and one.current.id, one.customers)
        for one in found.moves
    ] == [(one.previous, one.current, one.customers) for one in known.moves]
    names = {row["segment_id"]: row["name"] for row in read_shop.segments}
    assert all(one.segment.name == names[one.segment.id] for one in found.segments)
    assert {one.segment.id: one.before for one in found.segments if one.before} == known.before
    assert {one.segment.id: one.after for one in found.segments if one.after} == known.after


def test_the_ends_have_to_be_in_order(get: Get) -> None:
    asked = {"since": "2011-02-01T00:00:00Z", "until": "2011-01-01T00:00:00Z"}
    problem(get("/migrations", **asked), 422, "since-after-until")
    problem(get("/migrations", lens="nope"), 422, "unknown-lens")


def test_before_the_first_model_it_is_said_what_makes_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sink.db'}"
    with open_store(url) as store:
        store.migrate()
    with open_database(url) as db:
        for path in ("/migrations", "/segments"):
            told = problem(ask(made_api(db), path), 404, "no-segments-yet")
            assert "shoal snapshot" in told["detail"]
        problem(ask(made_api(db), "/segments?lens=value"), 422, "unknown-lens")
        problem(ask(made_api(db), "/insights"), 404, "no-insights-yet")
        for path in ("/models", "/drift", "/changes"):
            assert ask(made_api(db), path).json() == {"items": [], "next": None}
