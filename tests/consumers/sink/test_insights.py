"""What snapshots expect, in tables: the newest of all who are there, of nobody who was erased."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from consumers.sink import schema
from consumers.sink.migrating import VERSION_TABLE
from consumers.sink.migrations.versions import v0004_steady
from consumers.sink.open import open_store
from stream.contracts.insight_report import InsightReport
from stream.log.embedded import EmbeddedLog
from tests.consumers.sink.expecting import report, scores, tell, told_of
from tests.consumers.sink.shop import Shop, everything, lived, table
from tests.snapshot.logs import START

if TYPE_CHECKING:
    from pathlib import Path

    from consumers.sink.store import Store

GONE = "c5"


def insights(store: Store) -> dict[str, dict[str, Any]]:
    return {row["customer_id"]: row for row in table(store, schema.customer_insights)}


def test_everything_that_was_told_is_there(shop: Shop, store: Store) -> None:
    shop.expect()
    shop.write_all(store)
    rows = insights(store)
    assert sorted(rows) == shop.customers()
    for customer_id, row in rows.items():
        wanted = told_of(customer_id)
        assert {name: row[name] for name in wanted} == {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in wanted.items()
        }
        assert row["instant"] == shop.midnight
    (row,) = table(store, schema.insight_reports)
    assert InsightReport.model_validate(row["report"], strict=False) == report(shop.midnight)
    assert row["instant"] == shop.midnight
    first, second = table(store, schema.segment_insights)
    assert (first["segment_id"], first["clv"], first["churn_auc"]) == ("value-1", 1_000.0, 0.8)
    assert first["recommended"] == ["p3", "p1"]
    assert (second["revenue"], second["clv"], second["recommended"]) == (-3.0, None, [])


def test_a_newer_snapshot_replaces_an_older_one_and_never_the_other_way_round(
    shop: Shop, store: Store
) -> None:
    shop.expect()
    before = shop.midnight
    shop.go_on(1)
    shop.expect(times=2.0)
    tell(shop.log, shop.topics, scores(["c1"], before, 3.0))
    shop.write_all(store)
    wanted = told_of("c1")["clv"] * 2
    assert insights(store)["c1"]["clv"] == wanted
    tell(shop.log, shop.topics, scores(["c1"], before, 4.0))
    shop.write_all(store)
    assert insights(store)["c1"]["clv"] == wanted
    tell(shop.log, shop.topics, scores(["c1"], shop.midnight, 5.0))
    shop.write_all(store)
    assert insights(store)["c1"]["clv"] == told_of("c1")["clv"] * 5
    assert [row["instant"] for row in table(store, schema.insight_reports)] == [
        before,
        shop.midnight,
    ]


def test_a_report_that_is_told_again_replaces_all_of_the_first(shop: Shop, store: Store) -> None:
    first = report(START)
    again = first.model_copy(update={"segments": first.segments[:1]})
    tell(shop.log, shop.topics, report(START, 7.0), again)
    shop.write_all(store)
    assert [row["clv"] for row in table(store, schema.segment_insights)] == [1_000.0]
    assert len(table(store, schema.insight_reports)) == 1


def test_scores_may_come_after_the_erasure_of_whom_they_are_of(shop: Shop, store: Store) -> None:
    """Whether a sink is there meanwhile or comes later."""
    shop.promote()
    before, everybody = shop.midnight, shop.customers()
    shop.tasks.erase("c17")
    shop.tasks.read_on()
    shop.write_all(store)
    tell(shop.log, shop.topics, scores(everybody, before))
    shop.write_all(store)
    assert sorted(insights(store)) == sorted(set(everybody) - {"c17"})


def test_an_erasure_comes_after_scores(shop: Shop, store: Store) -> None:
    shop.expect()
    shop.write_all(store)
    assert GONE in insights(store)
    shop.tasks.erase(GONE)
    shop.tasks.read_on()
    shop.write_all(store)
    assert GONE not in insights(store)


def come_back(shop: Shop, name: str) -> None:
    """Somebody is erased, and buys once more a day later."""
    (last, *_) = [one for one in shop.lines if one.customer_id == name]
    at = shop.midnight + timedelta(hours=30)
    shop.lines = sorted(
        [
            *(one for one in shop.lines if one.customer_id != name),
            replace(last, event_id="back", order_id="back", occurred_at=at),
        ],
        key=lambda one: one.occurred_at,
    )
    shop.tasks.erase(name)
    shop.go_on(2)
    assert name in shop.customers()


def test_scores_of_an_erased_life_are_not_those_of_the_next_one(shop: Shop, store: Store) -> None:
    before, everybody = shop.midnight, shop.customers()
    come_back(shop, GONE)
    tell(shop.log, shop.topics, scores(everybody, before))
    shop.write_all(store)
    assert sorted(insights(store)) == sorted(set(everybody) - {GONE})
    shop.expect()
    shop.write_all(store)
    assert GONE in insights(store)


def test_who_was_erased_and_came_back_between_two_looks_has_none(shop: Shop, store: Store) -> None:
    shop.expect()
    shop.write_all(store)
    come_back(shop, GONE)
    shop.write_all(store)
    assert sorted(insights(store)) == sorted(set(shop.customers()) - {GONE})


@pytest.mark.parametrize("comes_back", [False, True])
def test_blocks_that_were_cut_off_leave_what_is_expected(
    shop: Shop, store: Store, comes_back: bool
) -> None:
    """But for who was erased meanwhile."""
    shop.promote()
    shop.expect()
    shop.write_all(store)
    before = insights(store)
    if comes_back:
        come_back(shop, GONE)
    else:
        shop.tasks.erase(GONE)
        shop.lines = [one for one in shop.lines if one.customer_id != GONE]
    shop.go_on(3)
    shop.go_on(1, checkpoint=True)
    shop.write_all(store)
    shop.check(store)
    del before[GONE]
    assert insights(store) == before


@pytest.mark.parametrize("most_rows", [1, 7, 45])
def test_scores_wait_until_all_blocks_are_read(shop: Shop, store: Store, most_rows: int) -> None:
    lived(shop)
    shop.expect()
    shop.write_all(store, most_rows=most_rows)
    assert sorted(insights(store)) == shop.customers()
    shop.check(store)


def test_what_waits_is_not_lost_with_the_sink(shop: Shop, store: Store) -> None:
    lived(shop)
    shop.expect()
    with shop.sink(store, most_rows=1) as sink:
        sink.step()
        assert sink.behind(sink.ends())[shop.topics.insights] > 0
    assert insights(store) == {}
    shop.write_all(store)
    assert sorted(insights(store)) == shop.customers()


def test_a_sink_over_an_older_versions_database_goes_on(
    shop: Shop, database: str, tmp_path: Path
) -> None:
    """As the version before left it: without these tables, and without a place in the topic."""
    lived(shop)
    with open_store(database) as store:
        store.migrate()
        shop.write_all(store)
        with store._engine.begin() as connection:
            for one in NEW:
                one.drop(connection)
            for name in v0004_steady.FEATURES:
                connection.execute(sa.text(f"ALTER TABLE customers DROP COLUMN {name}"))
            for name in ("last_offset", "last_mark"):
                connection.execute(sa.text(f"ALTER TABLE positions DROP COLUMN {name}"))
            connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '0002'"))
            places = schema.positions
            connection.execute(sa.delete(places).where(places.c.topic == shop.topics.insights))
    shop.go_on(1)
    with (
        open_store(database) as store,
        open_store(f"sqlite:///{tmp_path / 'other.db'}") as other,
    ):
        for each in (store, other):
            each.migrate()
            shop.write_all(each)
        found, wanted = everything(store), everything(other)
        assert insights(store)
    for rows in (found["positions"], wanted["positions"]):
        for row in rows:  # where nothing came since, no last record is known yet
            del row["last_offset"], row["last_mark"]
    assert found == wanted


NEW = (schema.customer_insights, schema.segment_insights, schema.insight_reports)


def test_many_customers_are_read_a_few_messages_at_a_time(tmp_path: Path) -> None:
    """What is held at once is bounded, whatever there is."""
    with (
        EmbeddedLog(str(tmp_path / "shoal.db")) as log,
        open_store(f"sqlite:///{tmp_path / 'sink.db'}") as store,
    ):
        store.migrate()
        shop = Shop(log)
        shop.go_on(2)
        for number in range(30):
            tell(log, shop.topics, scores([f"c{number}"], shop.midnight))
        with shop.sink(store, most_rows=10) as sink:
            behind = [30]
            while not sink.is_done(sink.ends()):
                sink.step()
                behind.append(sink.behind(sink.ends())[shop.topics.insights])
        assert {before - after for before, after in pairwise(behind)} <= {0, 10}
        assert set(insights(store)) == {f"c{number}" for number in range(30)} & set(
            shop.customers()
        )
