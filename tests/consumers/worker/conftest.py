"""A shop on each log; on Kafka dead owners' transactions and sessions end soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.consumers.worker.shop import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.consumers.worker.shop import Shop
    from tests.kafka_broker import Broker

    OpenShop = Callable[[int], AbstractContextManager[Shop]]

OPTIONS: dict[str, object] = {
    "transaction_timeout_ms": 5_000,
    "session_timeout_ms": 6_000,
    "heartbeat_interval_ms": 300,
}


@pytest.fixture(params=["embedded", "kafka"])
def open_a_shop(request: pytest.FixtureRequest, tmp_path: Path) -> OpenShop:
    if request.param == "embedded":
        url = f"sqlite:///{tmp_path / 'shoal.db'}"
        return lambda partitions: open_shop(url, partitions, {})
    broker: Broker = request.getfixturevalue("broker")
    return lambda partitions: open_shop(f"kafka://{broker.bootstrap}", partitions, OPTIONS)


@pytest.fixture
def shop(open_a_shop: OpenShop) -> Iterator[Shop]:
    """Two partitions."""
    with open_a_shop(2) as shop:
        yield shop


@pytest.fixture
def embedded_shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(f"sqlite:///{tmp_path / 'shoal.db'}", 1, {}) as shop:
        yield shop


@pytest.fixture
def kafka_shop(broker: Broker) -> Iterator[Shop]:
    """Four partitions."""
    with open_shop(f"kafka://{broker.bootstrap}", 4, OPTIONS) as shop:
        yield shop
