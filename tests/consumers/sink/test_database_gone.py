"""`shoal sink` whose database is out of reach for a while: it waits, and nothing is missing."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from consumers.sink.open import open_store
from tests.consumers.sink.test_command import rows, says, sinking
from tests.postgres.find import fresh_database
from tests.postgres.relay import Relay
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.consumers.sink.shop import Shop


class Losable(NamedTuple):
    url: str
    gone: Callable[[], AbstractContextManager[None]]


@pytest.fixture(params=["sqlite", "postgres"])
def losable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Losable]:
    """A database, and how to be without it: locked by somebody else, or out of reach."""
    if request.param == "sqlite":
        file = str(tmp_path / "sink.db")
        yield Losable(f"sqlite:///{file}", lambda: locked(file))
        return
    with fresh_database(request.getfixturevalue("postgres")) as url, Relay(url) as relay:
        yield Losable(relay.url, lambda: cut(relay))


@contextmanager
def locked(file: str) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def cut(relay: Relay) -> Iterator[None]:
    relay.cut()
    yield
    relay.mend()


def test_it_is_waited_for_and_caught_up(shop: Shop, losable: Losable) -> None:
    with sinking(shop, "--db", losable.url) as process:
        shop.promote()
        until(lambda: rows(losable.url) > 0, "rows")
        with losable.gone():
            shop.go_on(4)
            assert process.stderr is not None
            assert process.stderr.readline().startswith("waiting: ")
            shop.go_on(4)
        assert process.stderr.readline() == "going on\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    says(shop, "--db", losable.url, "--until-end")
    with open_store(losable.url) as store:
        shop.check(store)
