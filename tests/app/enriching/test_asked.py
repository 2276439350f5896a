"""A snapshot asks whom the settings name, on a shop's log from the first line to the report."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from app.enriching.asked import enrichers
from snapshot.history import History
from snapshot.job import SnapshotJob, Taken
from stream.contracts.instant import milliseconds
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from tests.snapshot.jobs import TOPICS, day
from tests.snapshot.logs import NOW
from tests.snapshot.shops import purchases
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from stream.settings import Settings

LINES = purchases(450, 84)


def settings(folder: Path, **insights: object) -> Settings:
    history = {"directory": str(folder / "history")}
    return load_settings(None, {"history": history, "insights": insights})


def names(folder: Path, **insights: object) -> list[str]:
    with (
        EmbeddedLog(str(folder / "shoal.db")) as log,
        enrichers(log, TOPICS, settings(folder, **insights)) as asked,
    ):
        return [one.name for one in asked]


def test_the_settings_say_who_is_asked(tmp_path: Path) -> None:
    assert names(tmp_path, enabled=False) == []
    without = ["lifetime value", "churn risk", "segments"]
    assert names(tmp_path, recommend=False) == without
    assert names(tmp_path) == [*without[:2], "recommendations", "segments"]


def test_a_shop_s_snapshots_say_what_is_to_be_expected(tmp_path: Path) -> None:
    """Silence can't be foreseen yet in so young a shop, and that is what the report says."""
    said, taken = settings(tmp_path), list[Taken]()
    history = History(tmp_path / "history")
    with EmbeddedLog(str(tmp_path / "shoal.db")) as log:
        log.create_topics(TOPICS.specs())
        tasks = Tasks(log, TOPICS, said)
        with (
            enrichers(log, TOPICS, said) as asked,
            SnapshotJob(log, TOPICS, said, history, None, lambda: NOW, enrichers=asked) as job,
        ):
            for first, last_day in pairwise((0, 35, 56, 84)):
                _live(tasks, first, last_day)
                step = job.take()
                assert isinstance(step, Taken)
                taken.append(step)
    last = taken[-1].enriched
    assert last is not None
    assert last.report.lifetime is not None
    assert last.report.lifetime.held_out
    assert last.report.churn is None
    assert any("200 customers are needed" in problem for problem in last.report.problems)
    clv = last.scores.numbers["clv"]
    assert np.nansum(clv) > 0
    assert any(last.scores.products["recommended"])
    assert last.report.segments
    assert sum(one.customers for one in last.report.segments) <= last.report.customers


def _live(tasks: Tasks, first: int, last: int) -> None:
    lines = [one for one in LINES if day(first) <= milliseconds(one.occurred_at) < day(last)]
    tasks.live(lines, [day(number) for number in range(first + 1, last + 1)])
    tasks.read_on()
