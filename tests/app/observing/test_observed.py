"""A worker's process as it is put together: what its observer is told, a scraper reads."""

from __future__ import annotations

import time
import urllib.request

from app.observing.observed import observed
from app.observing.server import THIS_MACHINE
from stream.errors import CommitFailed


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def scraped(port: int | None) -> str:
    with urllib.request.urlopen(f"http://{THIS_MACHINE}:{port}/metrics", timeout=30) as answer:
        text: bytes = answer.read()
    return text.decode()


def test_what_the_observer_is_told_is_scraped_and_two_know_nothing_of_each_other() -> None:
    with (
        observed(port=0, host=THIS_MACHINE, now_ms=wall_ms, seconds=time.monotonic) as one,
        observed(port=0, host=THIS_MACHINE, now_ms=wall_ms, seconds=time.monotonic) as other,
    ):
        one.observer.failed(CommitFailed("no"))
        assert '\nshoal_failures_total{reason="commit_failed"} 1.0\n' in scraped(one.port)
        assert '\nshoal_failures_total{reason="commit_failed"} 0.0\n' in scraped(other.port)


def test_a_counter_is_one_series_without_the_time_it_was_created() -> None:
    with observed(port=0, host=THIS_MACHINE, now_ms=wall_ms, seconds=time.monotonic) as here:
        assert "_created" not in scraped(here.port)


def test_without_a_port_there_is_an_observer_all_the_same() -> None:
    with observed(port=None, host=THIS_MACHINE, now_ms=wall_ms, seconds=time.monotonic) as here:
        here.observer.turned([])
        assert here.port is None
