"""Servers that tests share: one real broker for the whole run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

from tests.kafka_broker import NoBroker, running_broker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kafka_broker import Broker

# These machines stall now and then; a slow example is not a wrong one.
settings.register_profile("shoal", deadline=None)
settings.load_profile("shoal")


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A Kafka broker; without one the test is skipped, and in CI it fails."""
    try:
        with running_broker() as found:
            yield found
    except NoBroker as reason:
        no_broker(reason)


def no_broker(reason: NoBroker) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI has to run the Kafka tests on a real broker: {reason}")
    pytest.skip(str(reason))
