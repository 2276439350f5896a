"""One run of `shoal segment` over a table with a row a customer: read, fitted, written, told."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.batch.actions import advised
from app.batch.measured import measures_line
from app.batch.people_page import people_page
from app.batch.written import make_folder, write_run
from app.replay_memory import keep_arrow_small
from insights.playbook.plays import playbook
from producers.attributes.reading import read_customers
from snapshot.attributes.fitting import fit_table
from snapshot.naming.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.batch.actions import Advised
    from insights.playbook.plays import Playbook
    from producers.sources.limits import Limits
    from snapshot.attributes.fitting import TableFit, Wish
    from stream.contracts.lens import Centroid

ID = "customer_id"
IN_NONE = "(no segment)"


@dataclass(frozen=True, slots=True)
class PeopleWanted:
    """What is read, what is asked for, and where everything goes."""

    file: str
    limits: Limits
    date_format: str | None
    wish: Wish
    out: Path
    playbook: Path | None = None
    why: str = ""
    """What spoke for a table of customers, where nobody said so."""


def run(wanted: PeopleWanted) -> None:
    """Reads, fits, writes, and says what there is."""
    keep_arrow_small()
    make_folder(wanted.out)
    book = playbook(wanted.playbook)
    read = read_customers(wanted.file, wanted.limits, wanted.date_format)
    found = fit_table(read.table, wanted.wish)
    advice = advice_of(found, book)
    model = found.model.model_dump_json(indent=1)
    remarks = (*read.remarks, *found.remarks)
    page = people_page(read.name, found, advice, remarks)
    paths = write_run(wanted.out, customers_of(found, advice), model, page)
    for line in (*_said(wanted, found, remarks), f"{', '.join(map(str, paths))} are written"):
        sys.stdout.write(f"{line}\n")


def advice_of(found: TableFit, book: Playbook) -> list[Advised]:
    """By the segments' names, else by the kind of customer that their numbers speak of."""
    kinds = found.model.kinds or ("",) * len(found.model.lens.centroids)
    segments = [one.segment for one in found.model.lens.centroids]
    return advised(
        book, [(one.id, one.name, kind) for one, kind in zip(segments, kinds, strict=True)]
    )


def customers_of(found: TableFit, advice: Sequence[Advised]) -> pa.Table:
    """A row a customer: where they are, what to do, and what the table said of them."""
    placed = found.placed
    segments = [one.segment for one in found.model.lens.centroids]
    confidence = placed.confidence
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        found.found.who.column or ID: pa.array(found.ids, pa.string()),
        "segment_id": _by_place([one.id for one in segments], placed.labels),
        "segment": _by_place([one.name for one in segments], placed.labels),
        "confidence": pa.array(confidence, mask=np.isnan(confidence)),
        "outlier_score": pa.array(found.fit.outlier_scores),
        "outlier": pa.array(found.fit.outliers | (placed.labels < 0)),
        "marketing_action": _by_place([one.action for one in advice], placed.labels),
    }
    for name in found.found.shown.column_names:
        shown = f"{name} (of the table)" if name in columns else name
        columns[shown] = _written(found.found.shown[name])
    return pa.table(columns)


def _by_place(texts: Sequence[str], labels: np.ndarray) -> pa.Array:
    """-1 is nothing."""
    said = [*texts, None]
    return pa.array([said[label] for label in labels.tolist()], pa.string())


def _written(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """As CSV can have it: lists as text, and days without a time of day."""
    if pa.types.is_nested(column.type) or pa.types.is_dictionary(column.type):
        return pa.chunked_array([pa.array([str(one) for one in column.to_pylist()])])
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        days = pc.floor_temporal(column, unit="day")
        return column.cast(pa.date32()) if pc.all(pc.equal(days, column)).as_py() else column
    return column


def _said(wanted: PeopleWanted, found: TableFit, remarks: Sequence[str]) -> list[str]:
    told = [f"{counted(len(found.ids), 'customer')}, compared by {_columns(found)}"]
    if wanted.why:
        told.append(f"  read as a row a customer, as {wanted.why}; --table transactions otherwise")
    told += [_line(one) for one in found.model.lens.centroids]
    nobody = int((found.placed.labels < 0).sum())
    if nobody:
        told.append(f"  {IN_NONE}: {nobody:,}")
    if found.fit.outliers.any():
        told.append(f"  outliers, left out of the fit: {int(found.fit.outliers.sum()):,}")
    told.append(f"  {measures_line(found.measures)}")
    return [*told, *(f"  {remark}" for remark in remarks)]


def _columns(found: TableFit) -> str:
    names = [one.name for one in found.model.columns]
    shown = ", ".join(names[:12])
    return shown if len(names) <= 12 else f"{shown} and {len(names) - 12} more"


def _line(one: Centroid) -> str:
    return f"  {one.segment.name} ({one.segment.id}): {one.customers:,}"
