"""A shop to backtest: made as it is read, and the same each time."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.parquet as pq

from app.backtest.backtest import backtest
from app.backtest.folder import Folder
from app.backtest.keeping import Keeper
from app.backtest.pieces import pieces
from app.backtest.run import Run
from app.backtest.source import Source
from app.backtest.variants import variants
from app.replay_sources import open_sources
from producers.reading.dataset import ReadOptions
from producers.replaying.prepared import Choices
from producers.replaying.sort import sorted_lines
from stream.cadence import EventCadence
from stream.settings import Settings
from stream.topics import Topics

if TYPE_CHECKING:
    from app.backtest.backtest import Ran

SHOP = "synthetic:customers=500,days=110,seed=5,returns=0.05,late=0.01"
LENSES: Any = {"value": {"k": 4}, "habits": {"k": 3}}
SETTINGS = Settings(lenses=LENSES)
NOW_MS = 1_900_000_000_000
"""Long after the shop."""

ONLINE_RETAIL = Path(__file__).parents[4] / "shared" / "data" / "online_retail.csv.gz"


class Clock:
    """A command's, that nobody stops."""

    asked = False

    def __init__(self) -> None:
        self.at = 0.0

    def now_ms(self) -> int:
        return NOW_MS

    def seconds(self) -> float:
        self.at += 1.0
        return self.at

    def wait(self, seconds: float) -> bool:
        return False


class Impatient(Clock):
    """Somebody stops it at once."""

    def wait(self, seconds: float) -> bool:
        return True


def source(*names: str) -> Source:
    return Source(names or (SHOP,), ReadOptions(), Choices())


def run(
    out: Path | None = None,
    *,
    partitions: int = 1,
    settings: Settings = SETTINGS,
    asked: tuple[str, ...] = (),
    of: Source | None = None,
) -> list[Ran]:
    chosen = variants(settings, EventCadence(7), asked)
    topics = Topics(partitions=partitions)
    return backtest(of or source(), chosen, topics, Clock(), Folder(out) if out else None)


class Left(NamedTuple):
    """What a backtest left behind."""

    changes: list[dict[str, Any]]
    profiles: dict[str, dict[str, Any]]
    summary: dict[str, Any]


def left_in(out: Path) -> Left:
    changes = [json.loads(line) for line in (out / "changes.jsonl").read_text("utf-8").splitlines()]
    rows = pq.read_table(out / "profiles.parquet").to_pylist()
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    return Left(changes, {row["customer_id"]: row for row in rows}, summary)


def live(settings: Settings = SETTINGS, *, partitions: int = 1, of: str = SHOP) -> Run:
    """A run that has taken everything."""
    done = Run(settings, Topics(partitions=partitions), EventCadence(7), Keeper())
    with ExitStack() as stack:
        sources = open_sources([of], ReadOptions(), stack)
        lines = stack.enter_context(sorted_lines([one.lines() for one in sources]))
        cadences = {EventCadence(7)}
        coming = pieces(lines, Choices(), partitions, cadences, NOW_MS)
        for piece in stack.enter_context(coming):
            done.take(piece, NOW_MS)
    return done
