"""The page of a snapshot that was just taken, with who went where since the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.snapshot_report import snapshot_report
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from snapshot.history import History
    from snapshot.history.migrating import Migrations
    from snapshot.job import Taken


def require_place(file: Path) -> None:
    """Before a snapshot is taken for nothing."""
    if not file.parent.is_dir():
        raise InputError(f"there is no folder {file.parent}: make it, or name another --report")


def write_page(file: Path, taken: Taken, history: History) -> None:
    """Whole or not at all; a page that is there already is replaced."""
    found = taken.reconciled
    migrations = list(_since_the_one_before(taken, history))
    page = snapshot_report(taken.moment, found.fits, found.report, migrations, found.events)
    aside = file.with_name(f".{file.name}.part")
    try:
        aside.write_text(page, "utf-8")
        aside.replace(file)
    except OSError as error:
        raise InputError(f"{file} can't be written: {error.strerror}") from None


def _since_the_one_before(taken: Taken, history: History) -> Iterator[Migrations]:
    at_ms = taken.moment.instant_ms
    before = [each for each in history.instants() if each < at_ms]
    for lens in taken.moment.lenses if before else ():
        if lens in history.lenses(before[-1]):
            yield history.migrations(lens, before[-1], at_ms)
