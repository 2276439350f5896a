"""Where a broker comes from: one that is named, else a container, else Kafka's own jars."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from tests.kafka_broker.container import docker_answers, in_a_container
from tests.kafka_broker.jars import from_jars

if TYPE_CHECKING:
    from collections.abc import Iterator


class NoBroker(Exception):
    """Why there is no broker here."""


class Broker(Protocol):
    """A running broker that may be stopped as a crash would stop it, and started again."""

    bootstrap: str

    def kill(self) -> None: ...
    def start(self) -> None: ...


class NamedBroker:
    """Somebody else's broker: it can't be stopped."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap

    def kill(self) -> None:
        raise NoBroker("the broker named by SHOAL_TEST_KAFKA is not ours to stop")

    def start(self) -> None:
        raise NoBroker("the broker named by SHOAL_TEST_KAFKA is not ours to start")


@contextmanager
def running_broker() -> Iterator[Broker]:
    with _found() as broker:
        yield broker


def _found() -> AbstractContextManager[Broker]:
    if named := os.environ.get("SHOAL_TEST_KAFKA"):
        return nullcontext(NamedBroker(named))
    if docker_answers():
        return in_a_container()
    if shutil.which("mvn") and shutil.which("java"):
        return from_jars()
    raise NoBroker("no SHOAL_TEST_KAFKA, no Docker engine with the image, no java with mvn")
