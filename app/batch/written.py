"""The files of a run: each whole or not there, so that nobody reads half of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.csv

from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
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
    return (
        write_table(out / CUSTOMERS, customers),
        write_text(out / MODEL, model),
        write_text(out / REPORT, page),
    )


def write_table(file: Path, table: pa.Table) -> Path:
    """As CSV; booleans as `true` and `false`, and nothing as nothing."""
    return _whole(file, lambda part: pyarrow.csv.write_csv(table, part, PLAIN))


def write_text(file: Path, text: str) -> Path:
    return _whole(file, lambda part: part.write_text(text, "utf-8"))


def _whole(file: Path, write: Callable[[Path], object]) -> Path:
    part = file.with_name(f"{file.name}.part")
    try:
        write(part)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SettingsError(f"{file} can't be written: {error.strerror or error}") from None
    return file
