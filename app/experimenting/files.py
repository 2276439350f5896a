"""The file that says who gets what: whole, or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.csv

from stream.errors import InputError
from stream.whole_file import whole_file

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
    """The arms are published by then."""
    advice = ". The arms are published: say the same again with another --out"
    with whole_file(out, advice) as aside:
        pyarrow.csv.write_csv(table, aside)
