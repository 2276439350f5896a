"""The files of a run: each whole or not there, so that nobody reads half of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.csv

from stream.errors import SettingsError
from stream.whole_file import whole_file, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

CUSTOMERS, MODEL, REPORT = "customer_segments.csv", "model.json", "report.html"
PLAIN = pyarrow.csv.WriteOptions(quoting_style="needed")


def make_folder(out: Path) -> None:
    """Before the work, not after it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"--out {out} can't be a folder: {error.strerror}. Name another."
        ) from None


def write_run(out: Path, customers: pa.Table, model: str, page: str) -> tuple[Path, ...]:
    """All three."""
    files = out / CUSTOMERS, out / MODEL, out / REPORT
    write_table(files[0], customers)
    write_whole(files[1], model)
    write_whole(files[2], page)
    return files


def write_table(file: Path, table: pa.Table) -> None:
    """As CSV; booleans as `true` and `false`, and nothing as nothing."""
    with whole_file(file) as aside:
        pyarrow.csv.write_csv(table, aside, PLAIN)
