"""The API over the shop that is read, on each database."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.app.api.asking import ask
from tests.app.api.made import made_api
from tests.app.queries.read_shop import read_shop

if TYPE_CHECKING:
    import httpx

    from tests.app.queries.read_shop import ReadShop

__all__ = ["read_shop"]

Get = Callable[..., "httpx.Response"]


@pytest.fixture
def get(read_shop: ReadShop) -> Get:
    """Asks for a path; parameters by name."""
    api = made_api(read_shop.db)

    def asked(path: str, **params: Any) -> httpx.Response:
        return ask(api, path, params=params)

    return asked
