"""Where a broker comes from: one that is named, else a container, else Kafka's own jars."""

from __future__ import annotations

import os
import shutil
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

from tests.docker_engine import has_image
from tests.kafka_broker.container import IMAGE, in_a_container
from tests.kafka_broker.jars import from_jars
from tests.lending import NoServer

if TYPE_CHECKING:
    from collections.abc import Iterator


class NoBroker(NoServer):
    """Why there is no broker here."""


class Broker(Protocol):
    """A running broker."""

    bootstrap: str


class StoppableBroker(Broker, Protocol):
    """One that may be stopped as a crash would stop it, and started again."""

    def kill(self) -> None: ...
    def start(self) -> None: ...


class NamedBroker:
    """Somebody else's broker: not ours to stop."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap


@contextmanager
def running_broker() -> Iterator[Broker]:
    with _found() as broker:
        yield broker


@contextmanager
def stoppable_broker() -> Iterator[StoppableBroker]:
    """One of our own; from the jars where that goes, because it starts again in seconds."""
    if has_java():
        with from_jars() as broker:
            yield broker
    elif has_image(IMAGE):
        with in_a_container() as container:
            yield container
    else:
        raise NoBroker("no java with mvn, and no Docker engine with the image")


def has_java() -> bool:
    return bool(shutil.which("mvn") and shutil.which("java"))


def _found() -> AbstractContextManager[Broker]:
    if named := os.environ.get("SHOAL_TEST_KAFKA"):
        return nullcontext(NamedBroker(named))
    if has_image(IMAGE):
        return in_a_container()
    if has_java():
        return from_jars()
    raise NoBroker("no SHOAL_TEST_KAFKA, no Docker engine with the image, no java with mvn")
