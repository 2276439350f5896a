"""A snapshot is published whole or not at all, once, and by one job."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from snapshot.history import History
from snapshot.job import Nothing, SnapshotJob, Taken
from snapshot.publishing import Publisher
from stream.errors import Fenced
from stream.log.embedded import EmbeddedLog
from stream.model.change import instant
from stream.settings import load_settings
from stream.topics import Topics
from tests.snapshot.crashing import Crash, Mortal, Overtaken, Steps
from tests.snapshot.jobs import (
    LINES,
    NONE_YET,
    SETTINGS,
    TOPICS,
    WEEKLY,
    day,
    job,
    live,
    promoting,
    visible,
)
from tests.snapshot.logs import NOW, made_by_hand
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from snapshot.moment import Moment
    from snapshot.reconciling import Known, Reconciled


def test_all_of_a_snapshot_is_published_and_kept(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, 3)
    with job(log, history) as one:
        step = one.take()
        assert isinstance(step, Taken)
        assert isinstance(one.take(), Nothing)
    reports, models, told, events = visible(log)
    assert [report.instant for report in reports] == [instant(day(3))]
    assert (models, told, events) == ([1], [[1], [1]], 1)
    assert history.instants() == (day(3),)
    kept = history.read(day(3))
    assert kept.table.ids == step.moment.table.ids
    assert len(kept) == reports[0].customers > 5


def test_killed_at_any_step_nothing_is_there_by_half_and_the_next_job_does_it_again(
    tmp_path: Path,
) -> None:
    """Rule 22: one transaction, and the Parquet before it."""
    died_at, count = set[str](), 0
    with EmbeddedLog(str(tmp_path / "before.db")) as log:
        log.create_topics(TOPICS.specs())
        live(Tasks(log, TOPICS, SETTINGS), 0, 2)
    while True:
        folder = tmp_path / str(count)
        folder.mkdir()
        shutil.copy(tmp_path / "before.db", folder / "shoal.db")
        with EmbeddedLog(str(folder / "shoal.db")) as log:
            steps, history = Steps(count), History(folder / "history")
            with suppress(Crash), job(Mortal(log, steps), Mortal(history, steps)) as mortal:
                mortal.take()
            _is_whole_or_not_there(log, history, steps)
            with job(log, history) as survivor:
                survivor.take()
            reports, models, told, events = visible(log)
            assert len(reports) == 1
            assert (models, told, events) == ([1], [[1], [1]], 1)
            assert history.read(day(2)).instant_ms == day(2)
        if not steps.died_at:
            break
        died_at.add(steps.died_at)
        count += 1
    assert died_at >= {"producer", "transaction", "append", "write", "commit", "after the commit"}


def _is_whole_or_not_there(log: EmbeddedLog, history: History, steps: Steps) -> None:
    found = visible(log)
    if steps.died_at in {"after the commit", "retain", ""}:
        assert (found[1], found[2], found[3]) == ([1], [[1], [1]], 1)
    else:
        assert found == NONE_YET
    if found[0]:
        assert history.instants() == (day(2),)  # it was there first


def test_a_job_whose_place_another_took_publishes_nothing(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    """Rule 22: a fenced job leaves."""
    live(tasks, 0, 3)

    def overtaken(*arguments: Any) -> Reconciled:
        with job(log, history) as other:
            assert isinstance(other.take(), Taken)
        return promoting(*arguments)

    with job(log, history, reconciling=overtaken) as one, pytest.raises(Fenced):
        one.take()
    reports, models, told, events = visible(log)
    assert (len(reports), models, told, events) == (1, [1], [[1], [1]], 1)


def test_what_another_job_published_before_the_name_was_taken_over_is_known(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    """Rule 22: the name first, then the reading, then the acting."""
    live(tasks, 0, 3)

    def others() -> None:
        with job(log, history) as other:
            assert isinstance(other.take(), Taken)

    with job(Overtaken(log, others), history) as late:
        assert late.take() == Nothing("another job has just taken the snapshot that was due")
    assert visible(log)[1:] == ([1], [[1], [1]], 1)


def test_while_nothing_is_due_nobody_is_disturbed(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    with job(log, history, WEEKLY) as one:
        assert one.take() == Nothing("there are no profiles yet")
        live(tasks, 0, 1)
        with Publisher(log, TOPICS) as publisher:
            assert isinstance(one.take(), Nothing)
            publisher.publish(made_by_hand(), NOW)
        tasks.sell(LINES[:5])
        tasks.live(LINES[40:80], [])
        fresh = Topics("other.", partitions=2)
        log.create_topics(fresh.specs())
        others = Tasks(log, fresh, SETTINGS)
        others.sell(LINES[:20])
        with job(log, history, topics=fresh) as waiting:
            step = waiting.take()
        assert isinstance(step, Nothing)
        assert "nobody has read partition 0, 1 of other.transactions yet" in step.why


def test_the_history_forgets_who_was_erased_also_while_nothing_is_due(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, 3)
    with job(log, history) as one:
        assert isinstance(one.take(), Taken)
        leaving, *staying = history.read(day(3)).table.ids
        tasks.erase(leaving)
        tasks.read_on()
        assert isinstance(one.take(), Nothing)
    assert history.read(day(3)).table.ids == tuple(staying)


def test_old_snapshots_go_but_not_the_one_the_model_was_made_from(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    def first_only(moment: Moment, known: Known, *rest: Any) -> Reconciled:
        found = promoting(moment, known, *rest)
        return found if known.model is None else replace(found, model=None, events=())

    settings = load_settings(None, {"history": {"keep_count": 2}})
    for last in range(2, 6):
        live(tasks, last - 1, last)
        with SnapshotJob(log, TOPICS, settings, history, None, lambda: NOW, first_only) as one:
            assert isinstance(one.take(), Taken)
    assert history.instants() == (day(2), day(4), day(5))
