"""Pieces are a replay's records in its order, cut where snapshots may be and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.backtest.pieces import Piece, pieces
from producers.replaying.prepared import Choices, prepared
from producers.replaying.replay import Plan
from producers.replaying.tail import NOTHING
from stream.cadence import EventCadence
from stream.contracts.commands import Tick
from stream.contracts.instant import milliseconds
from tests.producers.replays import some_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from producers.replaying.sort import SortedLines
    from stream.log.batch import Record, Records

SENT_MS = 1_900_000_000_000
PARTITIONS = 3


def cut(lines: SortedLines, cadences: set[EventCadence], choices: Choices) -> list[Piece]:
    with pieces(lines, choices, PARTITIONS, cadences, SENT_MS) as found:
        return list(found)


def by_partition(shares: Iterable[tuple[int, Records]]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for partition, records in shares:
        found.setdefault(partition, []).extend(records)
    return found


@pytest.mark.parametrize("days", [1, 2, 7])
@pytest.mark.parametrize("choices", [Choices(), Choices(drop_duplicates=True)])
def test_together_they_are_what_a_replay_sends(days: int, choices: Choices) -> None:
    with some_days() as lines:
        found = cut(lines, {EventCadence(days)}, choices)
        sender = Plan("", choices).sender(lines, PARTITIONS)
        nothing_there = np.full(PARTITIONS, NOTHING)
        sent = [
            share
            for batch in prepared(lines, choices, sender, nothing_there, SENT_MS)
            for share in batch.by_partition(0, len(batch), SENT_MS)
        ]
    assert by_partition(share for piece in found for share in piece.shares) == by_partition(sent)
    rows = sum(piece.rows for piece in found)
    left_out = sum(sum(piece.left_out) for piece in found)
    assert rows + left_out == lines.survey.rows


def test_a_piece_with_a_midnight_ends_with_its_tick_on_every_partition() -> None:
    with some_days() as lines:
        found = cut(lines, {EventCadence(2), EventCadence(3)}, Choices())
    ended = [piece for piece in found if piece.midnight_ms is not None]
    assert len(ended) > 5
    for piece in ended:
        last = {partition: Tick.from_json(records[-1].value) for partition, records in piece.shares}
        assert [milliseconds(tick.instant) for tick in last.values()] == [piece.midnight_ms] * 3
    days = [piece.midnight_ms // EventCadence(1).every_ms for piece in ended if piece.midnight_ms]
    assert days == sorted(set(days))
    assert all(day % 2 == 0 or day % 3 == 0 for day in days)


def test_without_a_cadence_nothing_is_cut_at_midnights() -> None:
    with some_days() as lines:
        found = cut(lines, set(), Choices())
    assert all(piece.midnight_ms is None for piece in found)
