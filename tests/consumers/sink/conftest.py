"""Databases of both kinds, and a shop whose tasks are driven by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consumers.sink.open import open_store
from stream.log.embedded import EmbeddedLog
from tests.consumers.sink.shop import Shop
from tests.postgres.find import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from consumers.sink.store import Store


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'sink.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with open_store(database) as opened:
        opened.migrate()
        yield opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Two partitions; half of its days are over, and nobody has a segment yet."""
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        shop = Shop(log)
        shop.go_on(20)
        yield shop
