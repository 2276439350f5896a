"""Blocks that were cut off before a sink read them, and customers who were erased."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec.structs import replace

from consumers.sink import schema
from consumers.sink.open import open_store
from tests.consumers.sink.shop import Shop, lived, table
from tests.snapshot.logs import START

if TYPE_CHECKING:
    from pathlib import Path

    from consumers.sink.store import Store


def test_a_position_that_was_cut_off_begins_anew(shop: Shop, store: Store) -> None:
    shop.promote()
    shop.write_all(store)
    later = {one.customer_id for one in shop.lines if one.occurred_at >= START + timedelta(days=20)}
    away = next(one.customer_id for one in shop.lines if one.customer_id not in later)
    for name in ("c5", away):
        shop.tasks.erase(name)
    shop.go_on(5)
    shop.go_on(1, checkpoint=True)
    shop.write_all(store)
    shop.check(store)


def test_a_position_right_where_the_log_was_cut_begins_anew(shop: Shop, store: Store) -> None:
    shop.promote()
    for task in shop.tasks.all:
        shop.tasks._commit(task, checkpoint=True)
    shop.write_all(store)
    for task in shop.tasks.all:
        before = shop.log.bounds(shop.topics.profiles)[task.partition].end
        shop.tasks._commit(task, checkpoint=False)
        shop.log.truncate(shop.topics.profiles, task.partition, before)
    shop.write_all(store)
    shop.check(store)


def test_who_came_and_went_unseen_leaves_no_changes(shop: Shop, store: Store) -> None:
    """Changes may be read before the blocks that belong to them, and these may be cut off."""
    shop.promote()
    theirs = [one for one in shop.lines if one.customer_id == "c17"]
    days = {START + timedelta(days=20 + number, hours=1) for number in range(2, 5)}
    shop.lines += [
        replace(
            theirs[0],
            customer_id="newcomer",
            event_id=f"new {at}",
            order_id=f"{at}",
            occurred_at=at,
        )
        for at in days
    ]
    shop.lines.sort(key=lambda one: one.occurred_at)
    shop.write_all(store)
    with shop.sink(store, most_rows=1) as sink:
        shop.go_on(5)
        sink.step()
        changed = {row["customer_id"] for row in table(store, schema.changes)}
        there = {row["customer_id"] for row in table(store, schema.customers)}
        assert "newcomer" in changed - there
        shop.tasks.erase("newcomer")
        shop.tasks.read_on(checkpoint=True)
        while not sink.is_done(sink.ends()):
            sink.step()
    assert "newcomer" not in {row["customer_id"] for row in table(store, schema.changes)}
    shop.check(store)


def test_an_erasure_is_made_good_for_once_nobody_reads(shop: Shop, tmp_path: Path) -> None:
    name = "somebody-with-a-name"
    theirs = [one for one in shop.lines if one.customer_id == "c17"]
    shop.tasks.sell(replace(one, customer_id=name, event_id=f"{i}") for i, one in enumerate(theirs))
    shop.promote()
    with open_store(f"sqlite:///{tmp_path / 'sink.db'}") as store:
        store.migrate()
        shop.write_all(store)
        with shop.sink(store) as sink:
            with store.reading() as connection:
                connection.execute(sa.select(schema.customers)).first()
                shop.tasks.erase(name)
                shop.tasks.read_on()
                sink.step()
                assert is_in(name, tmp_path)
            sink.step()
            assert not is_in(name, tmp_path)


def test_blocks_cut_off_while_it_follows_are_made_up_for(shop: Shop, store: Store) -> None:
    shop.promote()
    with shop.sink(store) as sink:
        sink.step()
        shop.tasks.erase("c5")
        shop.go_on(5)
        shop.go_on(1, checkpoint=True)
        while not sink.is_done(sink.ends()):
            sink.step()
    shop.check(store)


def test_an_erased_customer_is_gone_to_the_last_byte(shop: Shop, tmp_path: Path) -> None:
    name = "somebody-with-a-name"
    theirs = [one for one in shop.lines if one.customer_id == "c17"]
    shop.tasks.sell(replace(one, customer_id=name, event_id=f"{i}") for i, one in enumerate(theirs))
    shop.promote()
    with open_store(f"sqlite:///{tmp_path / 'sink.db'}") as store:
        store.migrate()
        shop.write_all(store)
        assert is_in(name, tmp_path)
        assert name in str(table(store, schema.changes))
        shop.tasks.erase(name)
        shop.tasks.read_on()
        shop.write_all(store)
        assert not is_in(name, tmp_path)
        shop.check(store)


def is_in(name: str, folder: Path) -> bool:
    return any(name.encode() in path.read_bytes() for path in folder.glob("sink.db*"))


def test_a_new_sink_leaves_out_lives_that_were_erased_long_ago(shop: Shop, store: Store) -> None:
    lived(shop)
    shop.write_all(store)
    assert len(table(store, schema.changes)) > 40
    lives = {
        row["incarnation"] for row in table(store, schema.changes) if row["customer_id"] == "c5"
    }
    assert lives == {2}  # who came back
    shop.check(store)
