"""From transactions to a model that tasks work with, and what they learn back out of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app import modelling
from app.wiring import Wiring
from consumers.task.rules import Identity, TaskRules
from consumers.task.task import Task, new_task
from snapshot.published import model_of, published_models
from snapshot.river_export import positions_of
from stream.contracts.change import SegmentChange
from stream.contracts.commands import Tick
from stream.contracts.fast import encode
from stream.contracts.instant import milliseconds
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.settings.fingerprint import fingerprint
from tests.snapshot.logs import START
from tests.snapshot.shops import purchases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stream.contracts.model import SegmentModel

WIRING = Wiring.of("sqlite:///shoal.db", None)
TOPICS = WIRING.topics()


class Worker:
    """One task, driven by hand over the log's only partition."""

    def __init__(self, log: EmbeddedLog) -> None:
        self._log = log
        bounds = WIRING.settings.profiles.bounds(WIRING.settings.consume.grace_ms)
        rules = TaskRules(TOPICS.changes, fingerprint(WIRING.settings), bounds)
        self.task: Task = new_task(Identity("shoal", TOPICS.transactions, 1, 0), rules, self)

    def model(self, version: int) -> SegmentModel:
        return model_of(published_models(self._log, TOPICS.models), version)

    def read_on(self) -> list[SegmentChange]:
        """To the log's end; its blocks go there too."""
        end = self._log.settled_end(TOPICS.transactions, 0, 10)
        with self._log.reader(TOPICS.transactions, {0: self.task.position}) as reader:
            while self.task.position < end:
                for batch in reader.poll(1):
                    self.task.take(batch, 0)
        output = self.task.collect(0)
        with self._log.writer() as writer:
            for records in output.blocks:
                writer.append(TOPICS.profiles, 0, records)
            writer.flush()
        return [SegmentChange.from_json(one.value) for part in output.changes for one in part]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedLog]:
    monkeypatch.chdir(tmp_path)
    with EmbeddedLog("shoal.db") as opened:
        opened.create_topics(TOPICS.specs())
        yield opened


def write(log: EmbeddedLog, records: Sequence[Record]) -> None:
    with log.writer() as writer:
        writer.append(TOPICS.transactions, 0, Records.of(records))
        writer.flush()


def test_tasks_take_up_what_was_fitted_and_what_they_learned_can_be_taken_out(
    log: EmbeddedLog,
) -> None:
    lines = purchases()
    write(
        log,
        [
            Record(one.customer_id.encode(), encode(one), milliseconds(one.occurred_at))
            for one in lines
        ],
    )
    worker = Worker(log)
    assert worker.read_on() == []  # no model, no segments

    model = modelling.fit_and_publish(WIRING, modelling.Wanted(k=3))
    first = worker.read_on()
    assert {change.cause for change in first} == {"first_model"}
    fit = model.lenses[0].fit
    assert fit is not None
    learned = [centroid.segment.id for centroid in model.lenses[0].centroids]
    members = [change.current.id for change in first if change.current]
    assert [members.count(segment) for segment in learned] == [
        centroid.customers for centroid in model.lenses[0].centroids
    ]
    assert len(first) == 240

    later = [Tick(instant=START + timedelta(days=60 + day)).to_json() for day in range(5)]
    write(log, [Record(None, tick, 0) for tick in later])
    worker.read_on()
    shapes = worker.task.state.lenses["value"].lens.shapes
    assert not np.array_equal(shapes.positions, positions_of(model.lenses[0]))

    export = modelling.export_partition(WIRING, 0)
    assert positions_of(export.model.lenses[0]).tobytes() == shapes.positions.tobytes()
    taught = export.with_kmeans("value", export.kmeans("value"))
    Path("taught.json").write_bytes(taught.to_json())
    version = modelling.publish_file(WIRING, Path("taught.json"))
    assert (version.version, version.based_on) == (2, 1)
    moved = worker.read_on()
    assert {change.cause for change in moved} <= {"refit"}
    after = worker.task.state.lenses["value"].lens.shapes
    assert after.positions.tobytes() == shapes.positions.tobytes()
