"""A synthetic shop as a file, with its truth beside it: all of it or nothing.

Only a file can hold what is no line at all, an impossible date or a word for a quantity, so
the dirty rows get their dirt here. Everything is written under temporary names and renamed at
the end, the data last: where it is, its truth is too.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from producers.synthetic.formats import COLUMNS, FORMATS
from producers.synthetic.retailer import Retailer
from producers.synthetic.rows import Mark, Rows, has
from stream.errors import InputError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from producers.synthetic.answers import Truth
    from producers.synthetic.columns import Wording
    from producers.synthetic.plan import Plan

CHUNK_ROWS = 65_536
BAD_DATES = pa.array(["2025-02-30T12:00:00+00:00", "yesterday", "0000-00-00"])
WORDS = pa.array(["a few", "1O", "two"])


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one shop."""

    data: Path
    summary: Path
    stints: Path

    @classmethod
    def beside(cls, data: Path) -> Written:
        """The truth has the data's name without its endings.

        >>> from pathlib import Path
        >>> Written.beside(Path("out/shop.csv.gz")).summary.as_posix()
        'out/shop.truth.json'
        """
        stem = data.name[: -len(format_of(data))]
        return cls(
            data,
            data.with_name(f"{stem}.truth.json"),
            data.with_name(f"{stem}.truth.parquet"),
        )


def write_shop(
    plan: Plan,
    out: Path,
    *,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Written, Truth]:
    """Make the shop and write it; `progress` is told the days done and the rows so far."""
    files = Written.beside(out)
    _refuse(plan, files, force)
    retailer, rows_written = Retailer(plan), 0
    with ExitStack() as undo:
        data, summary, stints = (_temporary(path, undo) for path in _all(files))
        try:
            with FORMATS[format_of(out)](data) as file:
                for rows in retailer.chunks(CHUNK_ROWS):
                    file.write(as_written(rows, retailer.wording))
                    rows_written += len(rows)
                    if progress:
                        progress(retailer.days_done, rows_written)
            truth = retailer.truth()
            _write_truth(truth, summary, stints)
            stints.replace(files.stints)
            summary.replace(files.summary)
            data.replace(files.data)
        except OSError as error:
            raise InputError(f"{out} can't be written: {error}") from error
    return files, truth


def as_written(rows: Rows, wording: Wording) -> pa.RecordBatch:
    """The columns of a file. Times are texts, with the shopper's own offset from UTC."""
    lines = wording.lines(rows)
    local_s = rows["occurred_s"] + rows["offset_minutes"].astype(np.int64) * 60
    times = pc.cast(pa.array(local_s.astype("datetime64[s]")), pa.string())
    times = pc.binary_replace_slice(times, 10, 11, "T")
    times = pc.binary_join_element_wise(times, _offsets(rows["offset_minutes"]), "")
    quantity = pc.cast(pa.array(rows["quantity"]), pa.string())
    price = lines["unit_price"]
    nobody = pa.array(has(rows, Mark.NO_CUSTOMER))
    columns = {
        **{name: lines[name] for name in COLUMNS},
        "customer_id": pc.if_else(nobody, pa.scalar(None, pa.string()), lines["customer_id"]),
        "occurred_at": _broken(times, rows, Mark.BAD_DATE, BAD_DATES),
        "quantity": _broken(quantity, rows, Mark.NOT_A_NUMBER, WORDS),
        "unit_price": pc.if_else(pa.array(has(rows, Mark.NEGATIVE_PRICE)), pc.negate(price), price),
    }
    return pa.record_batch([columns[name] for name in COLUMNS], names=list(COLUMNS))


def format_of(path: Path) -> str:
    """The ending that says how to write: one of `FORMATS`."""
    for ending in sorted(FORMATS, key=len, reverse=True):
        if path.name.endswith(ending) and path.name != ending:
            return ending
    raise SettingsError(f"{path} doesn't say what to write: end its name with {', '.join(FORMATS)}")


def _refuse(plan: Plan, files: Written, force: bool) -> None:
    """What can't end well is refused before the work begins."""
    if not files.data.parent.is_dir():
        raise InputError(f"there is no directory {files.data.parent}: make it first")
    there = [str(path) for path in _all(files) if path.exists()]
    if there and not force:
        raise InputError(f"already there: {', '.join(there)}; --force writes over it")
    if format_of(files.data) == ".parquet" and (plan.bad_date or plan.not_a_number):
        raise SettingsError(
            "a Parquet column has one type and holds no bad_date or not_a_number: "
            "write .csv or .jsonl, or leave these rates at 0"
        )


def _all(files: Written) -> tuple[Path, Path, Path]:
    return files.data, files.summary, files.stints


def _temporary(path: Path, undo: ExitStack) -> Path:
    """A name beside the file that is gone afterwards, whatever happens."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    undo.callback(temporary.unlink, missing_ok=True)
    return temporary


def _write_truth(truth: Truth, summary: Path, stints: Path) -> None:
    summary.write_text(json.dumps(truth.summary(), indent=2) + "\n", "utf-8")
    pq.write_table(truth.table(), stints, compression="zstd")


def _offsets(minutes: np.ndarray[tuple[int], np.dtype[np.int16]]) -> pa.Array:
    """`+05:30` and the like, each made once."""
    distinct, place = np.unique(minutes, return_inverse=True)
    signs = ("-" if each < 0 else "+" for each in distinct)
    clock = (divmod(abs(int(each)), 60) for each in distinct)
    texts = [
        f"{sign}{hours:02}:{rest:02}" for sign, (hours, rest) in zip(signs, clock, strict=True)
    ]
    return pa.array(texts, pa.string()).take(pa.array(place))


def _broken(good: pa.Array, rows: Rows, mark: Mark, instead: pa.Array) -> pa.Array:
    """The texts, with others where the rows are marked so, chosen by the order's number."""
    where = has(rows, mark)
    which = rows["order"][where] % len(instead)
    return pc.replace_with_mask(good, pa.array(where), instead.take(pa.array(which)))
