"""A shop on each kind of log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.bought.shop import shop_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.app.bought.shop import Shop


@pytest.fixture(params=["embedded", "kafka"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    bootstrap = None
    if request.param == "kafka":
        bootstrap = request.getfixturevalue("broker").bootstrap
    with shop_log(request.param, tmp_path, bootstrap) as shop:
        yield shop


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Shop]:
    with shop_log("embedded", tmp_path, None) as shop:
        yield shop
