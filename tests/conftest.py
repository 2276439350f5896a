"""Servers that tests share: one real broker and one PostgreSQL for the whole run."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import settings

from tests.kafka_broker import NamedBroker, running_broker
from tests.lending import Lender, NoServer, borrow
from tests.postgres import NamedServer, running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kafka_broker import Broker
    from tests.postgres import Server

# These machines stall now and then; a slow example is not a wrong one.
settings.register_profile("shoal", deadline=None)
settings.load_profile("shoal")

collect_ignore = ["chaos/preloaded.py"]
"""It does all that a worker does, when it is imported; looking for doctests imports everything."""

LENDER = pytest.StashKey[Lender]()

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""One beside other workers: threads spin while they wait for those that have no core."""

LONG = (
    "docs",
    "lockstep",
    "app/cli",
    "consumers/task",
    "app/backtest",
    "consumers/worker",
)
"""Folders that are begun with, so that nobody is alone with a long file in the end."""


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config) -> Iterator[Broker]:
    """A Kafka broker; without one the test is skipped, and in CI it fails."""
    try:
        with _shared(pytestconfig, "kafka") as bootstrap:
            yield NamedBroker(bootstrap)
    except NoServer as reason:
        no_server(reason)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A PostgreSQL server; without one the test is skipped, and in CI it fails."""
    try:
        with _shared(pytestconfig, "postgres") as url:
            yield NamedServer(url)
    except NoServer as reason:
        no_server(reason)


def no_server(reason: NoServer) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI has to run the tests on real servers: {reason}")
    pytest.skip(str(reason))


def pytest_configure() -> None:
    """A shell's background process ignores Ctrl-C, and so would all that tests start and stop."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist, in the process that controls its workers, before one is started."""
    stash = node.config.stash
    if LENDER not in stash:
        stash[LENDER] = Lender(KINDS)
        for name in THREADS:
            os.environ.setdefault(name, "1")
    node.workerinput["lender"] = stash[LENDER].address


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers begin with the long ones; else all stay where they are."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.path.relative_to(config.rootpath).as_posix()))


def _place(file: str) -> int:
    places = (place for place, folder in enumerate(LONG) if file.startswith(f"tests/{folder}/"))
    return next(places, len(LONG))


def pytest_unconfigure(config: pytest.Config) -> None:
    if LENDER in config.stash:
        config.stash[LENDER].close()


@contextmanager
def _kafka() -> Iterator[str]:
    with running_broker() as broker:
        yield broker.bootstrap


@contextmanager
def _postgres() -> Iterator[str]:
    with running_postgres() as server:
        yield server.url


KINDS = {"kafka": _kafka, "postgres": _postgres}


@contextmanager
def _shared(config: pytest.Config, kind: str) -> Iterator[str]:
    """That of all workers; without any, one that is started here and now."""
    worker: dict[str, str] = getattr(config, "workerinput", {})
    if "lender" in worker:
        yield borrow(worker["lender"], kind)
        return
    with KINDS[kind]() as where:
        yield where
