"""A shop that has lived for a while, as tables, and the API over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.queries.database import open_database
from consumers.sink.open import open_store
from stream.log.embedded import EmbeddedLog
from tests.app.api.made import made_api
from tests.consumers.sink.shop import Shop, lived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from app.queries.database import Database


@pytest.fixture(scope="session")
def lived_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tables of a shop with two models, customers who moved, and one who was erased. Only to be
    read."""
    folder = tmp_path_factory.mktemp("lived")
    url = f"sqlite:///{folder / 'sink.db'}"
    with EmbeddedLog(str(folder / "shoal.db")) as log, open_store(url) as store:
        store.migrate()
        shop = Shop(log)
        shop.go_on(20)
        lived(shop)
        shop.write_all(store)
    return url


@pytest.fixture
def lived_database(lived_url: str) -> Iterator[Database]:
    with open_database(lived_url) as database:
        yield database


@pytest.fixture
def api(lived_database: Database) -> FastAPI:
    """Without keys, for this machine."""
    return made_api(lived_database)
