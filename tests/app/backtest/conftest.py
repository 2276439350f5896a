from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.backtest.shops import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a backtest of the shop; nobody writes into it."""
    out = tmp_path_factory.mktemp("backtest")
    run(out)
    return out
