"""A backtest is what a worker does with the same records on a log, the models included."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np

from app import consuming
from app.backtest.keeping import Keeper
from app.backtest.pieces import pieces
from app.backtest.run import Run
from app.replay_sources import open_sources
from app.wiring import Wiring
from producers.reading.dataset import ReadOptions
from producers.replaying.prepared import Choices
from producers.replaying.sort import sorted_lines
from snapshot.partitions import read_partitions
from snapshot.publishing import Publisher
from snapshot.table import table_of
from stream.cadence import EventCadence
from stream.profile.catalogue import catalogue
from stream.settings import Settings
from stream.settings.settings import LogSettings
from tests.app.backtest.shops import LENSES, NOW_MS, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from stream.log.seam import Log
    from stream.topics import Topics

PARTITIONS = 2
NAMES = [feature.name for feature in catalogue(90)]


class Keeping(Keeper):
    """Keeps the lines of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[bytes] = []

    def output(self, output: Any) -> None:
        self.lines.append(self.tally.changed(output))


def test_workers_do_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(lenses=LENSES, log=LogSettings(url=f"sqlite:///{tmp_path}/shop.db"))
    wiring = Wiring(settings)
    topics = wiring.topics(PARTITIONS)
    keeper = Keeping()
    run = Run(settings, topics, EventCadence(7), keeper)
    with wiring.open_log() as log:
        log.create_topics(topics.specs())
        _live_through(run, log, topics)
        assert len(run.models.all) > 2
        consuming.run(wiring, consuming.Wanted("test", until_end=True, as_json=True))
        counted = json.loads(capsys.readouterr().out)
        assert counted["outcomes"] == run.tasks.outcomes()
        assert _by_customer(_changes(log, topics)) == _by_customer(b"".join(keeper.lines))
        there = [one.profiles for one in read_partitions(log, topics, settings)]
        instant_ms = run.tasks.event_ms
        table, ours = table_of(there, NAMES, instant_ms), run.moment(instant_ms).table
        assert table.ids == ours.ids
        np.testing.assert_array_equal(table.features, ours.features)


def _live_through(run: Run, log: Log, topics: Topics) -> None:
    """The run, and on the log everything that it is given, in the same order."""
    with ExitStack() as stack:
        sources = open_sources([SHOP], ReadOptions(), stack)
        lines = stack.enter_context(sorted_lines([one.lines() for one in sources]))
        coming = stack.enter_context(
            pieces(lines, Choices(), PARTITIONS, {EventCadence(7)}, NOW_MS)
        )
        for piece in coming:
            before = len(run.models.all)
            run.take(piece, NOW_MS)
            with log.writer() as writer:
                for partition, records in piece.shares:
                    writer.append(topics.transactions, partition, records)
                writer.flush()
            for model in run.models.all[before:]:
                with Publisher(log, topics) as publisher:
                    assert publisher.publish(model, model.created_at) == model


def _changes(log: Log, topics: Topics) -> bytes:
    ends = {one: bounds.end for one, bounds in log.bounds(topics.changes).items()}
    lines = []
    with log.reader(topics.changes, dict.fromkeys(ends, 0)) as reader:
        while reader.positions() != ends:
            for batch in reader.poll(1.0):
                lines += [record.value or b"" for _, record in batch]
    return b"\n".join(lines)


def _by_customer(lines: bytes) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """In their order; when they were observed is the clock's."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in lines.splitlines():
        change = json.loads(line)
        del change["observed_at"]
        found.setdefault((change["lens"], change["customer_id"]), []).append(change)
    assert found
    return found
