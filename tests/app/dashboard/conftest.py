"""What the dashboard's tests look at: one small shop for all, and pages drawn over it."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import pytest

from app.dashboard.place import Place, hand_over
from app.queries.database import open_database
from tests.app.dashboard.small_shop import SmallShop, make_small_shop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def small_shop(tmp_path_factory: pytest.TempPathFactory) -> SmallShop:
    """A shop with segments, changes and drift, and its tables."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return make_small_shop(tmp_path_factory.mktemp("small-shop"))


@pytest.fixture
def at_shop(small_shop: SmallShop) -> Iterator[SmallShop]:
    """Every page that is drawn reads there, database and log."""
    with open_database(small_shop.database) as database:
        hand_over(Place(database, small_shop.settings, has_log=True))
        yield small_shop
