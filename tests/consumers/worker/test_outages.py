"""A log that goes away under a worker, and comes back or not."""

from __future__ import annotations

import threading
import time

import pytest

from consumers.worker.rules import SystemClock, WorkerRules
from consumers.worker.worker import Trouble
from stream.errors import LogUnavailable
from tests.conftest import no_server
from tests.consumers.worker.shop import open_shop
from tests.kafka_broker import NoBroker, stoppable_broker
from tests.waiting import until

# A transaction may stay open for longer than the broker is away: else its owner counts as fenced.
OPTIONS: dict[str, object] = {"session_timeout_ms": 6_000, "heartbeat_interval_ms": 300}


def test_a_worker_outlives_its_broker_and_goes_on_when_it_is_back() -> None:
    """With a broker of its own, because it is killed in the middle."""
    try:
        with (
            stoppable_broker() as broker,
            open_shop(f"kafka://{broker.bootstrap}", 2, OPTIONS) as shop,
            shop.working() as running,
        ):
            shop.sell(300)
            until(shop.is_all_said, "all counts")
            shop.sell(2000)  # some of it in flight
            broker.kill()
            broker.start()
            shop.sell(300)
            until(shop.is_all_said, "all counts again", seconds=90)
            assert running.error is None
            assert shop.said() == shop.has_to_be_said()
    except NoBroker as reason:
        no_server(reason)


def trouble(rules: WorkerRules) -> Trouble:
    return Trouble(rules, SystemClock(), threading.Event())


AWAY = LogUnavailable("nobody there")


def test_without_a_limit_the_log_is_asked_for_ever_and_that_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waiting = trouble(WorkerRules(retry_first_seconds=0.001, retry_most_seconds=0.002))
    for _ in range(20):
        waiting.came(AWAY)
    assert [record.message for record in caplog.records] == ["trying again, for ever: nobody there"]


def test_a_log_that_stays_away_is_given_up_where_that_is_asked_for() -> None:
    waiting = trouble(WorkerRules(retry_first_seconds=0.02, give_up_seconds=0.01))
    waiting.came(AWAY)
    with pytest.raises(LogUnavailable):
        waiting.came(AWAY)


def test_a_commit_in_between_makes_the_trouble_a_new_one() -> None:
    waiting = trouble(WorkerRules(retry_first_seconds=0.02, give_up_seconds=0.01))
    waiting.came(AWAY)
    waiting.is_past()
    waiting.came(AWAY)


def test_who_is_told_to_stop_does_not_wait(caplog: pytest.LogCaptureFixture) -> None:
    stopping = threading.Event()
    stopping.set()
    waiting = Trouble(WorkerRules(retry_first_seconds=600), SystemClock(), stopping)
    began = time.monotonic()
    waiting.came(AWAY)
    assert time.monotonic() - began < 60
