"""The file that says who gets what: whole, or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.csv

from stream.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


def require_place(out: Path, *, force: bool) -> None:
    """Before the work, not after it."""
    if out.suffix.lower() != ".csv":
        raise InputError(f"{out} should end in .csv: that is what is written")
    if not out.parent.is_dir():
        raise InputError(f"{out} can't be written: there is no folder {out.parent}")
    if out.exists() and not force:
        raise InputError(f"{out} is there already: name another file, or add --force")


def write_table(table: pa.Table, out: Path) -> None:
    """The file takes its name when all of it is there."""
    unfinished = out.with_name(out.name + ".unfinished")
    try:
        pyarrow.csv.write_csv(table, unfinished)
        unfinished.replace(out)
    except OSError as error:
        raise InputError(
            f"{out} can't be written: {error.strerror}. The arms are published: say the same "
            "again with another --out"
        ) from None
