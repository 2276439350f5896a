"""The demonstration's shop goes on: its last four weeks over and over, while somebody watches.

A process of its own beside the dashboard (`python -m app.demo.living FOLDER`). It ends when its
parent does; killed at any moment, it goes on from there the next time.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.commands import Commands
from app.demo.shop import WEEK_DAYS, stops
from stream.errors import InputError
from stream.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROUNDS, ROUND_DAYS = 6, 4 * WEEK_DAYS
HOURS_A_STEP, SECONDS_A_STEP = 6, 5.0
FEW = 20
SHOP, LATER, NOTE = "shop.csv.gz", "later.csv.gz", "later.until"


def later_file(folder: Path) -> Path:
    """The shop's coming lines: made once, and again where the demonstration was."""
    shop, later = folder / SHOP, folder / LATER
    if not shop.exists():
        raise InputError(f"there is no demonstration in {folder}: run `make demo` first")
    if not later.exists() or later.stat().st_mtime < shop.stat().st_mtime:
        (folder / NOTE).unlink(missing_ok=True)
        with whole_file(later) as aside:
            _write_later(shop, aside)
    return later


def _write_later(shop: Path, file: Path) -> None:
    with gzip.open(shop, "rt", newline="") as known, gzip.open(file, "wt", newline="") as out:
        rows = csv.DictReader(known)
        written = csv.DictWriter(out, rows.fieldnames or ())
        written.writeheader()
        written.writerows(gone_on(rows, stops()[-1]))


def gone_on(rows: Iterable[dict[str, str]], end: str) -> Iterator[dict[str, str]]:
    """The rows of the last four weeks before `end`, as often as there are rounds, each later.

    >>> row = {"event_id": "o1-2", "order_id": "o1", "occurred_at": "2025-05-01T09:00:00+02:00"}
    >>> [one["occurred_at"] for one in gone_on([row], "2025-05-15")][:2]
    ['2025-05-29T09:00:00+02:00', '2025-06-26T09:00:00+02:00']
    """
    until = datetime.fromisoformat(end).replace(tzinfo=UTC)
    since = until - timedelta(days=ROUND_DAYS)
    last = [(row, instant) for row in rows if (instant := _instant(row)) is not None]
    again = [(row, instant) for row, instant in last if since <= instant < until]
    for turn in range(1, ROUNDS + 1):
        for row, instant in again:
            order, _, line = row["event_id"].rpartition("-")
            yield row | {
                "event_id": f"{order}-{turn}-{line}",
                "order_id": f"{row['order_id']}-{turn}",
                "occurred_at": (instant + turn * timedelta(days=ROUND_DAYS)).isoformat(),
            }


def go_on(folder: Path) -> None:
    """Step by step, a snapshot a week, until the rounds are over or nobody is left to watch."""
    parent, file, note = os.getppid(), later_file(folder), folder / NOTE
    commands = Commands(folder, FEW)
    begun = datetime.fromisoformat(stops()[-1]).replace(tzinfo=UTC)
    done = datetime.fromisoformat(note.read_text()) if note.exists() else begun
    for until in instants(begun):
        if until <= done:
            continue
        if os.getppid() != parent:
            return
        ends_at = time.monotonic() + SECONDS_A_STEP
        commands.replay(file, until.isoformat(), resume=note.exists())
        commands.consume()
        if (until - begun) % timedelta(days=WEEK_DAYS) == timedelta():
            commands.snapshot()
        note.write_text(until.isoformat())
        time.sleep(max(0.0, ends_at - time.monotonic()))


def instants(begun: datetime) -> Iterator[datetime]:
    """Up to which is replayed, step by step."""
    step = timedelta(hours=HOURS_A_STEP)
    for steps in range(1, ROUNDS * ROUND_DAYS * 24 // HOURS_A_STEP + 1):
        yield begun + steps * step


def _instant(row: dict[str, str]) -> datetime | None:
    """None where the row's date is none: the shop has a little dirt in it."""
    with suppress(ValueError):
        instant = datetime.fromisoformat(row["occurred_at"])
        return instant if instant.tzinfo else None
    return None


if __name__ == "__main__":
    go_on(Path(sys.argv[1]))
