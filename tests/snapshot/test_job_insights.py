"""What is expected of customers is published with the snapshot, whole or not at all."""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from snapshot.history import History
from snapshot.job import Taken
from stream.contracts.insight_report import InsightReport
from stream.contracts.scores import CustomerScores
from stream.log.embedded import EmbeddedLog
from stream.log.open import open_log
from stream.topics import Topics
from tests.snapshot.crashing import Crash, Mortal, Steps
from tests.snapshot.enrichers import Failing, Worth
from tests.snapshot.jobs import SETTINGS, TOPICS, day, job, live, visible
from tests.snapshot.logs import values
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log


class Told(NamedTuple):
    scores: list[CustomerScores]
    reports: list[InsightReport]


def told(log: Log, topics: Topics = TOPICS) -> Told:
    found = Told([], [])
    if not log.settled_end(topics.insights, 0, 120):
        return found
    for value in values(log, topics.insights, 0):
        assert value is not None
        if json.loads(value)["type"] == "customer_scores":
            found.scores.append(CustomerScores.from_json(value))
        else:
            found.reports.append(InsightReport.from_json(value))
    return found


@pytest.fixture(params=["embedded", "kafka"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Log, Topics]]:
    topics = Topics(f"shop.{uuid.uuid4().hex[:8]}.", partitions=2)
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    if request.param == "kafka":
        url = f"kafka://{request.getfixturevalue('broker').bootstrap}"
    with open_log(url) as log:
        missing = {topics.insights}  # as a log from before it has it
        log.create_topics([one for one in topics.specs() if one.name not in missing])
        live(Tasks(log, topics, SETTINGS), 0, 3)
        yield log, topics


def test_published_and_kept_is_the_same_and_what_was_asked(
    shop: tuple[Log, Topics], history: History
) -> None:
    log, topics = shop
    with job(log, history, topics=topics, enrichers=[Worth()]) as one:
        step = one.take()
    assert isinstance(step, Taken)
    assert step.enriched is not None
    found = told(log, topics)
    assert found.reports == [step.enriched.report] == [history.insights(day(3))]
    ids = history.read(day(3)).table.ids
    assert [one for message in found.scores for one in message.customers] == list(ids)
    kept = history.scores(day(3))
    assert kept is not None
    published = np.array([one for message in found.scores for one in message.clv], np.float64)
    assert published.tobytes() == kept.numbers["clv"].tobytes()
    lists = [one for message in found.scores for one in message.recommended]
    assert lists == kept.products["recommended"]
    assert found.reports[0].created_at == visible(log, topics)[0][0].created_at


def test_a_job_that_dies_before_its_commit_tells_nothing(
    shop: tuple[Log, Topics], history: History
) -> None:
    log, topics = shop
    steps = Steps(before="commit")
    enrichers = [Worth()]
    with suppress(Crash), job(Mortal(log, steps), history, topics=topics, enrichers=enrichers) as j:
        j.take()
    assert steps.died_at == "commit"
    with job(log, history, topics=topics, enrichers=enrichers) as survivor:
        assert isinstance(survivor.take(), Taken)
    found = told(log, topics)
    assert (len(found.reports), len(found.scores)) == (1, 1)


def test_killed_at_any_step_the_scores_are_there_with_the_drift_report_or_not_at_all(
    tmp_path: Path,
) -> None:
    with EmbeddedLog(str(tmp_path / "before.db")) as log:
        log.create_topics(TOPICS.specs())
        live(Tasks(log, TOPICS, SETTINGS), 0, 2)
    died_at = set[str]()
    for count in range(200):
        folder = tmp_path / str(count)
        folder.mkdir()
        shutil.copy(tmp_path / "before.db", folder / "shoal.db")
        with EmbeddedLog(str(folder / "shoal.db")) as log:
            steps, history = Steps(count), History(folder / "history")
            mortal = Mortal(log, steps)
            with suppress(Crash), job(mortal, history, enrichers=[Worth()]) as dying:
                dying.take()
            drift = visible(log)[0]
            assert len(told(log).reports) == len(told(log).scores) == len(drift)
            with job(log, history, enrichers=[Worth()]) as survivor:
                survivor.take()
            assert len(told(log).reports) == 1
            assert history.insights(day(2)) == told(log).reports[0]
        if not steps.died_at:
            break
        died_at.add(steps.died_at)
    assert died_at >= {"producer", "transaction", "append", "commit", "after the commit"}


def test_an_enricher_that_breaks_keeps_no_segment_from_being_published(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, 3)
    with job(log, history, enrichers=[Failing(MemoryError()), Worth()]) as one:
        assert isinstance(one.take(), Taken)
    reports, models, promotes, events = visible(log)
    assert (len(reports), models, promotes, events) == (1, [1], [[1], [1]], 1)
    assert told(log).reports[0].problems[0].startswith("broken: failed (MemoryError)")
    assert told(log).scores[0].clv[1] == pytest.approx(1 / 3)


def test_where_nobody_is_asked_nothing_is_told(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, 3)
    with job(log, history) as one:
        step = one.take()
    assert isinstance(step, Taken)
    assert step.enriched is None
    assert told(log) == ([], [])
    assert history.insights(day(3)) is None
    assert history.scores(day(3)) is None


def test_who_was_erased_is_not_in_later_scores(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, 3)
    with job(log, history, enrichers=[Worth()]) as one:
        assert isinstance(one.take(), Taken)
        leaving, *staying = history.read(day(3)).table.ids
        tasks.erase(leaving)
        live(tasks, 3, 4)
        assert isinstance(one.take(), Taken)
    newest = told(log).reports[-1].instant
    ids = [who for each in told(log).scores if each.instant == newest for who in each.customers]
    assert leaving not in ids
    assert set(staying) <= set(ids)
    kept = history.scores(day(3), ["clv"])
    assert kept is not None
    assert len(kept.numbers["clv"]) == len(staying)
