"""A shop that lived for a while, written once into a database of each kind, for those who read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.queries.database import Database, open_database
from consumers.sink import schema
from consumers.sink.open import open_store
from stream.log.embedded import EmbeddedLog
from tests.consumers.sink.shop import Shop, lived, table
from tests.postgres.find import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ERASED = "c7"
Row = dict[str, Any]


@dataclass(frozen=True)
class ReadShop:
    """What is asked, and all rows of what it is asked of."""

    db: Database
    url: str
    customers: list[Row]
    stands: list[Row]
    changes: list[Row]
    segments: list[Row]
    insights: dict[str, Row]
    """By customer; not everybody has one, nor everybody who has one each of the numbers."""


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def read_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReadShop]:
    """Two partitions, a lens, two versions of the model, and two erased: one came back."""
    folder = tmp_path_factory.mktemp("read-shop")
    with _empty_database(request, folder) as url, EmbeddedLog(str(folder / "shoal.db")) as log:
        shop = Shop(log)
        shop.go_on(20)
        lived(shop)
        shop.tasks.erase(ERASED)
        shop.tasks.read_on()
        with open_store(url) as store:
            store.migrate()
            shop.write_all(store)
            tables = (schema.customers, schema.customer_segments, schema.changes, schema.segments)
            customers, stands, changes, segments = (table(store, one) for one in tables)
            insights = table(store, schema.customer_insights)
        with open_database(url) as db:
            by_customer = {row["customer_id"]: row for row in insights}
            yield ReadShop(db, url, customers, stands, changes, segments, by_customer)


@contextmanager
def _empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'sink.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url
