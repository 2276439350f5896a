"""One writer of a history at a time; readers need no leave.

The lock is SQLite's on a small file of its own: the operating system lets go of it when the
process ends in whatever way, on every system that Python runs on.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from stream.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE = ".writer"


@contextmanager
def alone(directory: Path, patience_seconds: float) -> Iterator[None]:
    """Waits so long for whoever else is writing there."""
    file = directory / LOCK_FILE
    try:
        hold = sqlite3.connect(file, timeout=patience_seconds, isolation_level=None)
    except sqlite3.Error as error:
        raise HistoryError(
            f"the history in {directory} can't be written: {error}. Give leave to write there, "
            "or name another folder as history.directory"
        ) from None
    with closing(hold):
        try:
            hold.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise HistoryError(
                f"the history in {directory} can't be locked for writing ({error}): another "
                "process may be at it. Let that one finish, and try again"
            ) from None
        yield
