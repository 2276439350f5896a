"""A sink against tasks and topics: on both databases, whatever comes between."""

from __future__ import annotations

import uuid
from dataclasses import replace as replaced
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.customer import customer_of
from app.wiring import Wiring
from consumers.sink import schema
from consumers.sink.open import open_store
from consumers.sink.places import places_of
from stream.errors import DatabaseError
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.log.open import open_log
from stream.settings import load_settings
from stream.times import DAY_MS
from stream.topics import Topics
from tests.consumers.sink.shop import Shop, everything, lived, table
from tests.snapshot.shops import purchases
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from consumers.sink.store import Store
    from tests.kafka_broker import Broker


class Killed(Exception):
    """The process ends in the middle."""


def test_the_database_says_what_tasks_and_topics_say(shop: Shop, store: Store) -> None:
    shop.write_all(store)
    shop.check(store)
    assert table(store, schema.customer_segments) == []
    shop.promote()
    shop.write_all(store)
    shop.check(store)
    shop.go_on(20)
    shop.write_all(store)
    shop.check(store)
    assert len(table(store, schema.changes)) > 60
    assert len(table(store, schema.partitions)) == 2


def test_following_block_by_block_comes_to_the_same(
    shop: Shop, store: Store, tmp_path: Path
) -> None:
    with shop.sink(store) as sink:
        sink.step()
        shop.promote()
        sink.step()
        for _ in range(5):
            shop.go_on(2)
            sink.step()
        shop.go_on(2, checkpoint=True)
        sink.step()
        sink.step()
    shop.check(store)
    with open_store(f"sqlite:///{tmp_path / 'other.db'}") as other:
        other.migrate()
        shop.write_all(other)
        assert everything(store) == everything(other)


def test_a_few_rows_at_a_time_come_to_the_same(shop: Shop, store: Store) -> None:
    lived(shop)
    shop.write_all(store, most_rows=7)
    shop.check(store)


def test_models_segments_events_and_reports_are_there(shop: Shop, store: Store) -> None:
    shop.promote()
    shop.promote()
    shop.write_all(store)
    assert [(row["version"], row["based_on"]) for row in table(store, schema.models)] == [
        (1, None),
        (2, 1),
    ]
    segments = table(store, schema.segments)
    assert {(row["kind"], row["model_version"]) for row in segments} == {
        ("learned", 2),
        ("rule", 2),
    }
    events = table(store, schema.segment_events)
    assert [row["happened"] for row in events] == ["born", "born"]
    assert [row["outcome"] for row in table(store, schema.drift)] == ["promoted", "promoted"]
    assert table(store, schema.models)[0]["model"]["lenses"][0]["lens"] == "value"


def test_confidence_is_what_shoal_customer_says(shop: Shop, store: Store) -> None:
    lived(shop)
    shop.write_all(store)
    shop.promote()  # no time goes by, and yet everybody's confidence is another
    shop.write_all(store)
    settings = load_settings(None, {"log": {"url": shop.log.name}, "topics": {"partitions": 2}})
    rows = table(store, schema.customer_segments)
    times = {row["partition"]: row["event_time"] for row in table(store, schema.partitions)}
    now = {
        row["customer_id"]: times[row["partition"]] == row["as_of"]
        for row in table(store, schema.customers)
    }
    assert all(now.values())
    assert any(row["confidence"] is not None for row in rows)
    for row in rows[::6]:
        (standing,) = customer_of(Wiring(settings), row["customer_id"], lambda _: None).standings
        assert row["confidence"] == standing.confidence
        assert row["segment_id"] == (standing.segment and standing.segment.id)


def statements(shop: Shop, store: Store) -> int:
    """How many statements a run takes."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sa.event.listen(store._engine, "before_cursor_execute", counted)
    shop.write_all(store, most_rows=40)
    return count


def test_killed_at_any_statement_it_misses_nothing_and_doubles_nothing(
    shop: Shop, database: str, tmp_path: Path
) -> None:
    lived(shop)
    with open_store(f"sqlite:///{tmp_path / 'whole.db'}") as whole:
        whole.migrate()
        count = statements(shop, whole)
        wanted = everything(whole)
    deaths = 0
    for left in range(1, count, 5):
        with open_store(database) as store:
            store.migrate()
            deaths += dies(shop, store, left)
    assert deaths > 5
    with open_store(database) as store:
        shop.write_all(store)
        assert everything(store) == wanted
        shop.check(store)


def dies(shop: Shop, store: Store, left: int) -> bool:
    def counted(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    sa.event.listen(store._engine, "before_cursor_execute", counted)
    try:
        shop.write_all(store, most_rows=40)
    except Killed:
        return True
    return False


def test_customers_get_older_without_an_order(shop: Shop, store: Store) -> None:
    shop.write_all(store)
    shop.tasks.tick(*(shop.day * DAY_MS + number * DAY_MS + 1_293_840_000_000 for number in (1, 9)))
    shop.tasks.read_on()
    before = {row["customer_id"]: row["recency_days"] for row in table(store, schema.customers)}
    shop.write_all(store, most_rows=100)
    shop.check(store)
    after = {row["customer_id"]: row["recency_days"] for row in table(store, schema.customers)}
    assert all(after[name] > recency + 8 for name, recency in before.items())


def test_another_log_or_prefix_is_refused(shop: Shop, store: Store, tmp_path: Path) -> None:
    shop.write_all(store)
    with EmbeddedLog(str(tmp_path / "other.db")) as log:
        other = Shop(log, topics=Topics("other.", 2))
        with pytest.raises(DatabaseError, match="belongs to another prefix"):
            other.sink(store)
        empty = Shop(log)
        with pytest.raises(DatabaseError, match="the database stands for"):
            empty.sink(store)


def test_a_log_that_was_made_anew_is_told_though_it_is_longer(
    shop: Shop, store: Store, tmp_path: Path
) -> None:
    lived(shop)
    shop.write_all(store)
    before = table(store, schema.changes)
    with EmbeddedLog(str(tmp_path / "anew.db")) as log:
        anew = Shop(log, topics=shop.topics, lines=purchases(90, 40, seed=1))
        lived(anew)
        anew.go_on(20)
        places = places_of(store).inputs
        for (topic, part), place in places.items():
            if topic != shop.topics.profiles:
                assert log.bounds(topic)[part].end >= place.position
        with pytest.raises(DatabaseError, match=r"has other records there"):
            anew.write_all(store)
    assert table(store, schema.changes) == before


def test_a_second_sink_is_found_out(shop: Shop, store: Store, database: str) -> None:
    with open_store(database) as store_2, shop.sink(store) as one, shop.sink(store_2) as two:
        one.step()
        with pytest.raises(DatabaseError, match="another sink writes into"):
            two.step()
    shop.check(store)


def test_what_is_no_message_is_passed_over_and_counted(shop: Shop, store: Store) -> None:
    shop.promote()
    with shop.log.writer() as writer:
        topics = shop.topics
        for topic in (topics.changes, topics.models, topics.drift, topics.insights):
            odd = [Record(b"k", value, 0) for value in (b"{", None, b'{"type":"odd"}', b"\xff")]
            writer.append(topic, 0, Records.of(odd))
        writer.flush()
    with shop.sink(store) as sink:
        step = sink.step()
    assert step.unreadable == 16
    shop.write_all(store)
    assert len(table(store, schema.models)) == 1


def test_on_a_real_broker_too(broker: Broker, tmp_path: Path) -> None:
    """Commit marks lie between records, and truncation is the broker's."""
    topics = Topics(f"shop.{uuid.uuid4().hex[:8]}.", partitions=2)
    kept = {"retention.ms": "-1"}  # whatever a test's timestamps are
    with (
        open_log(f"kafka://{broker.bootstrap}") as log,
        open_store(f"sqlite:///{tmp_path / 'sink.db'}") as store,
    ):
        store.migrate()
        specs = [replaced(one, configs={**one.configs, **kept}) for one in topics.specs()]
        log.create_topics(specs)
        shop = Shop(log, topics=topics)
        shop.go_on(20)
        with shop.sink(store) as sink:
            sink.step()
            shop.promote()
            shop.expect()
            shop.tasks.erase("c5")
            shop.go_on(4, checkpoint=True)
            until(lambda: bool(sink.step()) and sink.is_done(sink.ends()), "the end")
        shop.check(store)
        shop.go_on(2)
        shop.write_all(store)
        shop.check(store)
        expected = {row["customer_id"] for row in table(store, schema.customer_insights)}
        assert "c5" not in expected
        assert len(expected) > 30
