"""`/changes/stream` over a real server: no gap and no double, whenever one comes and goes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.following import id_of, places_of
from app.api.problems import Problem
from app.queries.database import open_database
from consumers.sink import schema
from consumers.sink.open import open_store
from stream.log.embedded import EmbeddedLog
from tests.app.api.asking import ask
from tests.app.api.made import made_state, served
from tests.app.api.streaming import PATIENCE, assert_each_customers_order, following, take
from tests.consumers.sink.shop import Shop, table
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from app.queries.database import Database
    from consumers.sink.store import Store
    from stream.contracts.change import SegmentChange

MANY = id_of(dict.fromkeys(range(5_000), 1))


class Place(NamedTuple):
    shop: Shop
    store: Store
    url: str

    def all_ids(self) -> list[str]:
        """In the order of each partition, one partition after the other."""
        rows = table(self.store, schema.changes)
        return [
            row["change_id"] for row in sorted(rows, key=lambda r: (r["partition"], r["position"]))
        ]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Place]:
    url = f"sqlite:///{tmp_path / 'sink.db'}"
    with (
        EmbeddedLog(str(tmp_path / "shoal.db")) as log,
        open_store(url) as store,
        open_database(url) as database,
    ):
        store.migrate()
        shop = Shop(log)
        shop.go_on(20)
        shop.promote()
        shop.write_all(store)
        with served(lambda ending: made_state(database, is_ending=ending)) as address:
            yield Place(shop, store, address)


def test_all_there_is_and_all_that_comes_over_many_reconnects(live: Place) -> None:
    """Whoever follows takes some, goes away, and comes back with the last id; the shop goes on and
    the sink commits in between."""
    chance = random.Random(7)
    seen: list[SegmentChange] = []
    last, begin = None, "?begin=start"
    for days in (0, 3, 2, 0, 4, 0, 0):
        if days:
            live.shop.go_on(days)
            live.shop.write_all(live.store, most_rows=100)
        missing = len(live.all_ids()) - len(seen)
        wanted = len(seen) + chance.randint(0, missing)
        with following(live.url, last, begin) as coming:
            while len(seen) < wanted or last is None:
                last = take(next(coming), seen)
    with following(live.url, last) as coming:
        while len(seen) < len(live.all_ids()):
            last = take(next(coming), seen)
    assert len(live.all_ids()) > 60
    assert len({one.change_id for one in seen}) == len(seen)
    assert sorted(one.change_id for one in seen) == sorted(live.all_ids())
    assert_each_customers_order(seen)


def test_what_is_committed_while_one_listens_comes_at_once(live: Place) -> None:
    before = len(live.all_ids())
    seen: list[SegmentChange] = []
    with following(live.url) as coming:
        first = next(coming)
        assert first.change is None  # the place is said before anything happens
        live.shop.go_on(6)
        live.shop.write_all(live.store, most_rows=100)
        there = live.all_ids()
        assert len(there) > before
        while len(seen) < len(there) - before:
            take(next(coming), seen)
    assert {one.change_id for one in seen} < set(there)
    assert_each_customers_order(seen)
    with following(live.url, first.event_id) as coming:
        next(coming)
        again = [next(coming).change for _ in seen]
    assert [one.change_id for one in again if one] == [one.change_id for one in seen]


def test_filters_hold_and_their_ids_still_go_on(live: Place) -> None:
    live.shop.go_on(6)
    live.shop.write_all(live.store)
    rows = table(live.store, schema.changes)
    wanted = {row["change_id"] for row in rows if row["cause"] == "time"}
    assert 0 < len(wanted) < len(rows)
    seen: list[SegmentChange] = []
    with following(live.url, "", "?cause=time&lens=value") as coming:
        while len(seen) < len(wanted):
            last = take(next(coming), seen)
    assert {one.change_id for one in seen} == wanted
    assert places_of(last)


def test_streams_are_counted_bounded_and_ended(lived_database: Database) -> None:
    settings = {"most_streams": 1}
    with served(lambda ending: made_state(lived_database, (), settings, is_ending=ending)) as url:
        with following(url) as coming:
            next(coming)
            refused = httpx.get(f"{url}/changes/stream", timeout=PATIENCE)
            assert (refused.status_code, refused.json()["title"]) == (429, "Too many streams")
            assert "shoal_api_streams 1.0" in httpx.get(f"{url}/metrics").text
        until(lambda: "shoal_api_streams 0.0" in httpx.get(f"{url}/metrics").text, "its end")
        with following(url) as coming:
            next(coming)  # and the server ends while somebody listens


@pytest.mark.parametrize(
    "said", ["x", "0-1,1-2", "0-1.", "1", "0--2", "0-" + "9" * 30, "999999-1", "0-1\xe9", MANY]
)
def test_an_id_of_another_stream_is_refused(api: FastAPI, said: str) -> None:
    answer = ask(api, "/changes/stream", headers=[(b"Last-Event-ID", said.encode("latin-1"))])
    assert (answer.status_code, answer.json()["title"]) == (422, "Unknown event id")


@given(st.dictionaries(st.integers(0, 99_999), st.integers(-1, 10**18 - 1), max_size=50))
def test_an_id_stands_for_its_places(places: dict[int, int]) -> None:
    assert places_of(id_of(places)) == places


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_a_problem(text: str) -> None:
    try:
        places = places_of(text)
    except Problem:
        return
    assert places_of(id_of(places)) == places
