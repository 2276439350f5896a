"""A sink in this process, beside an embedded log: one that writes, and remade at need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.own_sink import OwnSink, tables_beside, writers_hold
from app.wiring import Wiring
from consumers.sink import places, schema
from consumers.sink.open import open_store
from consumers.sink.places import places_of
from stream.errors import LogUnavailable, SettingsError
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from tests.consumers.sink.shop import Shop, table
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.sink.store import Store


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        shop = Shop(log)
        shop.go_on(10)
        shop.promote()
        yield shop


def wiring(shop: Shop) -> Wiring:
    sink = {"commit_ms": 20}
    return Wiring(load_settings(None, {"log": {"url": shop.log.name}, "sink": sink}))


def is_done(own: OwnSink) -> bool:
    return own.waits_for is None


def has_all(shop: Shop, store: Store) -> bool:
    try:
        shop.check(store)
    except (AssertionError, KeyError):
        return False
    return True


def test_the_tables_are_there_at_once_and_follow_the_log(shop: Shop) -> None:
    with OwnSink(wiring(shop)) as own, open_store(own.url) as store:
        table(store, schema.customers)
        until(lambda: is_done(own), "the tables")
        shop.check(store)
        shop.go_on(3)
        until(lambda: has_all(shop, store), "what happened since")


def test_of_two_one_writes_and_the_other_takes_over(shop: Shop) -> None:
    with OwnSink(wiring(shop)) as second_last, open_store(second_last.url) as store:
        until(lambda: is_done(second_last), "the first one's tables")
        with OwnSink(wiring(shop)) as last:
            until(lambda: is_done(last), "the second one, which only reads")
            second_last.close()
            shop.go_on(3)
            until(lambda: has_all(shop, store), "the second one's writing")


def test_who_only_reads_is_not_ready_before_the_tables_are_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []

    def looking(store: Store) -> object:
        looked.append(store)
        return places_of(store)

    monkeypatch.setattr(places, "places_of", looking)
    with writers_hold(tables_beside(shop.log.name)) as is_held, OwnSink(wiring(shop)) as own:
        assert is_held
        until(lambda: len(looked) >= 2, "two looks at tables that nobody has written")
        assert not is_done(own)
    with OwnSink(wiring(shop)) as writing, OwnSink(wiring(shop)) as own:
        until(lambda: is_done(own) and is_done(writing), "the tables")


@pytest.mark.parametrize("is_longer", [False, True], ids=["shorter", "longer"])
def test_tables_of_another_log_are_written_anew(
    shop: Shop, tmp_path: Path, *, is_longer: bool
) -> None:
    """The file of the log was taken away, and the tables beside it were not."""
    with OwnSink(wiring(shop)) as own:
        until(lambda: is_done(own), "the tables")
    folder = tmp_path / "other"
    folder.mkdir()
    with EmbeddedLog(str(folder / "shoal.db")) as log:
        other = Shop(log, topics=shop.topics)
        other.go_on(2)
        if is_longer:
            other.promote()
            other.go_on(30)
        Path(own.url.removeprefix("sqlite:///")).rename(folder / "shoal.tables.db")
        with OwnSink(wiring(other)) as own, open_store(own.url) as store:
            until(lambda: has_all(other, store), "the other's tables")
            assert bool(table(store, schema.models)) == is_longer


def test_only_an_embedded_log_has_them() -> None:
    with pytest.raises(SettingsError, match="run `shoal sink --db URL`"):
        tables_beside("kafka://localhost:9092")


def test_a_log_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    with pytest.raises(LogUnavailable, match="there is no log"):
        OwnSink(Wiring(load_settings(None, {"log": {"url": url}})))
    assert list(tmp_path.iterdir()) == []
