"""On a real broker: a job that dies before its commit leaves nothing, and the next one goes on."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from snapshot.history import History
from snapshot.job import Nothing, Taken
from stream.log.open import open_log
from stream.settings import load_settings
from stream.topics import Topics
from tests.snapshot.crashing import Crash, Mortal, Steps
from tests.snapshot.jobs import FIRST, SECOND, WEEKLY, job, live, number_of, visible
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from stream.log.seam import Log
    from tests.kafka_broker import Broker

SETTINGS = load_settings(None, {})


def test_a_job_that_dies_in_its_transaction_leaves_nothing_and_the_next_goes_on(
    broker: Broker, tmp_path: Path
) -> None:
    url, history = f"kafka://{broker.bootstrap}", History(tmp_path / "history")
    topics = Topics(f"shop.{uuid.uuid4().hex[:8]}.", partitions=2)
    with open_log(url) as log:
        log.create_topics(topics.specs())
        tasks = Tasks(log, topics, SETTINGS)
        live(tasks, 0, number_of(FIRST))
        steps = Steps(before="commit")
        with open_log(url) as dying:
            with suppress(Crash), job(Mortal(dying, steps), history, WEEKLY, topics=topics) as one:
                one.take()
            assert steps.died_at == "commit"
            _the_next_goes_on(log, history, tasks, topics)


def _the_next_goes_on(log: Log, history: History, tasks: Tasks, topics: Topics) -> None:
    assert history.instants() == (FIRST,)
    with job(log, history, WEEKLY, topics=topics) as survivor:
        assert isinstance(survivor.take(), Taken)
        tasks.read_on()
        live(tasks, number_of(FIRST), number_of(SECOND))
        assert isinstance(survivor.take(), Taken)
        assert isinstance(survivor.take(), Nothing)
    reports, models, told, events = visible(log, topics)
    assert [report.model_version for report in reports] == [None, 1]
    assert (models, told, events) == ([1, 2], [[1, 2]] * 2, 2)
