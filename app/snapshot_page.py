"""The page of a snapshot that was just taken, with who went where since the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reporting.placing import require_folder
from insights.snapshot_report import snapshot_report
from stream.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from snapshot.history import History
    from snapshot.history.migrating import Migrations
    from snapshot.job import Taken


def require_place(file: Path) -> None:
    """Before a snapshot is taken for nothing."""
    require_folder(file, "--report")


def write_page(file: Path, taken: Taken, history: History) -> None:
    """Whole or not at all; a page that is there already is replaced."""
    found = taken.reconciled
    migrations = list(_since_the_one_before(taken, history))
    page = snapshot_report(taken.moment, found.fits, found.report, migrations, found.events)
    write_whole(file, page)


def _since_the_one_before(taken: Taken, history: History) -> Iterator[Migrations]:
    at_ms = taken.moment.instant_ms
    before = [each for each in history.instants() if each < at_ms]
    for lens in taken.moment.lenses if before else ():
        if lens in history.lenses(before[-1]):
            yield history.migrations(lens, before[-1], at_ms)
