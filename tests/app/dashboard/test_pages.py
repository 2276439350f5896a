"""Live, Segments and Customer say what the tables have, and what to do where they have nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.dashboard.main import PAGES
from app.dashboard.paces import HOUR, a_minute
from app.dashboard.place import Place, hand_over
from app.dashboard.said import minute
from app.queries.changes import Filters, changes
from app.queries.database import Database, open_database
from app.queries.freshness import freshness
from app.queries.segments import segments
from consumers.sink import schema
from consumers.sink.open import open_store
from stream.settings import load_settings
from tests.app.dashboard.drawn import drawn, fine, words
from tests.app.dashboard.small_shop import copy_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.dashboard.small_shop import SmallShop

NAMES = [one.name for part in PAGES.values() for one in part]
OURS = ("live", "segments", "customer")


@pytest.fixture
def database(at_shop: SmallShop) -> Database:
    return open_database(at_shop.database)


def first_customer(database: Database) -> str:
    row = database.first(sa.select(schema.customers.c.customer_id).limit(1))
    assert row is not None
    return str(row[0])


def test_live_says_how_many_there_are_and_who_changed_last(database: Database) -> None:
    said = words(drawn("live"))
    row = database.first(sa.select(sa.func.count()).select_from(schema.customers))
    assert row is not None
    assert f"Customers {row[0]:,}" in said
    newest = changes(database, Filters(lens="value"), limit=1).items[0]
    assert newest.customer_id in said
    assert newest.current is not None
    assert newest.current.name in said


def test_another_period_has_other_changes(at_shop: SmallShop) -> None:
    test = drawn("live")
    week = words(test)
    month = words(fine(test.segmented_control(key="live-period").set_value("30 days").run()))
    assert week != month
    assert "a bar is a day" in month
    assert "on average" in month


def test_changes_a_minute_are_those_of_the_streams_last_hour(database: Database) -> None:
    newest = freshness(database).newest
    assert newest is not None
    when = schema.changes.c.occurred_at
    row = database.first(
        sa.select(sa.func.count()).where(
            schema.changes.c.lens == "value", when > newest - HOUR, when <= newest
        )
    )
    assert row is not None
    said = words(drawn("live"))
    assert f"Changes a minute {a_minute(row[0])}" in said
    assert ("The last hour of the stream" if row[0] else "the hour up to the last change") in said


def test_an_hour_without_changes_shows_the_one_that_had_the_last(
    at_shop: SmallShop, tmp_path: Path
) -> None:
    copied = copy_of(at_shop, tmp_path)
    with sqlite3.connect(copied) as connection:
        connection.execute(
            "UPDATE partitions SET event_time = (SELECT datetime(max(event_time), '+9 hours') "
            "|| '.000000' FROM partitions)"
        )
    connection.close()
    with open_database(f"sqlite:///{copied}") as database:
        hand_over(Place(database, at_shop.settings))
        said = words(drawn("live"))
        last = changes(database, Filters(lens="value"), limit=1).items[0]
    assert "Changes a minute 0" in said
    assert f"the hour up to the last change, {minute(last.occurred_at)} UTC" in said


def test_sizes_can_be_a_ring(at_shop: SmallShop) -> None:
    fine(drawn("live").segmented_control(key="live-sizes-form").set_value("Ring").run())


def test_changes_of_one_cause_only(database: Database) -> None:
    test = drawn("live")
    said = words(fine(test.selectbox(key="live-cause").set_value("time").run()))
    assert "time going by:" in said or "No such change" in said
    assert "an order:" not in said


def test_each_segment_has_its_own_page_and_can_be_compared(database: Database) -> None:
    there = [one for one in segments(database, "value") if one.customers]
    for one in there:
        said = words(drawn("segments", id=one.segment_id))
        assert f"Customers {one.customers:,}" in said
        assert "What usually helps" in said
        assert "Through the year" in said
    compared = drawn("segments").selectbox(key="segments-other").set_value(there[1].segment_id)
    said = words(fine(compared.run()))
    assert f"{there[0].name} and {there[1].name}" in said
    assert "may be chance" in said or "large" in said


def test_a_customer_is_found_by_id_and_told_why(database: Database) -> None:
    customer_id = first_customer(database)
    said = words(drawn("customer", id=customer_id))
    assert customer_id in said
    assert "Why " in said
    assert "How it came about" in said


def test_customers_are_found_by_how_their_ids_begin(database: Database) -> None:
    customer_id = first_customer(database)
    test = drawn("customer")
    test.text_input(key="customer-typed").set_value(customer_id[:-1]).run()
    options = getattr(fine(test).get("button_group")[-1], "options", [])
    assert customer_id in [getattr(one, "content", one) for one in options]


@pytest.mark.parametrize("typed", ["nobody", "<b>x</b>", "'; DROP TABLE customers; --", "%", "\\"])
def test_whoever_is_not_there_is_said_so(at_shop: SmallShop, typed: str) -> None:
    assert "No customer's id begins with" in words(drawn("customer", id=typed))


@pytest.mark.parametrize("name", OURS)
def test_before_the_first_model_there_is_a_remedy(name: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    with open_store(url) as store:
        store.migrate()
    with open_database(url) as database:
        hand_over(Place(database, load_settings(None, {})))
        said = words(drawn(name))
    assert "There are no segments yet" in said
    assert "shoal snapshot" in said


@pytest.mark.parametrize("name", OURS)
def test_a_database_that_is_gone_is_one_sentence(name: str, tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'nothing.db'}") as database:
        hand_over(Place(database, load_settings(None, {})))
        test = drawn(name)
    assert len(test.warning) == 1
    assert "shoal sink" in test.warning[0].value
