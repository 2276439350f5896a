"""Every column of a table, segment by segment: who has how much of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insights.charts import Format, Line, heat_map, line_chart
from insights.reporting.html import WIDTH, figure, paragraph, table, tag
from snapshot.attributes.cells import Dates, Numbers
from snapshot.attributes.contract import CategoryColumn
from snapshot.attributes.matrix import written
from snapshot.naming.words import number
from stream.times import DAY_MS

if TYPE_CHECKING:
    from snapshot.attributes.cells import Cells
    from snapshot.attributes.contract import Column
    from snapshot.attributes.fitting import TableFit
    from stream.model.arrays import Floats

MOST_COLUMNS = 40
"""Drawn: beyond, a page is no page any more."""

BINS = 12
TAILS = (0.005, 0.995)
"""What lies beyond is drawn at the ends, or one slip would take all the room."""


def distributions(found: TableFit) -> str:
    """A chart a column, and a table of typical values."""
    columns = found.model.columns
    charts = [_chart(found, column) for column in columns[:MOST_COLUMNS]]
    left = len(columns) - MOST_COLUMNS
    more = [paragraph(f"{left:,} more columns are not drawn.", "note")] if left > 0 else []
    return "".join([_typical(found), tag("div", "".join(charts), "cards"), *more])


def _chart(found: TableFit, column: Column) -> str:
    cells = found.found.used[column.name]
    chart = (
        _levels(found, column, cells)
        if isinstance(column, CategoryColumn)
        else _numbers(found, column, cells)
    )
    return tag("article", chart, "card")


def _names(found: TableFit) -> list[str]:
    return [one.segment.name for one in found.model.lens.centroids]


def _numbers(found: TableFit, column: Column, cells: Cells) -> str:
    """How each segment's customers are spread: a line a segment, in shares, so that small ones can
    be compared with large ones."""
    values, form = _values(cells)
    known = ~np.isnan(values)
    low, high = np.quantile(values[known], TAILS).tolist()
    if high <= low:
        low, high = float(values[known].min()), float(values[known].max())
    edges = np.linspace(low, high, BINS + 1)
    middles = ((edges[:-1] + edges[1:]) / 2).tolist()
    lines = []
    for place, name in enumerate(_names(found)):
        own = np.clip(values[known & (found.placed.labels == place)], low, high)
        counts = np.histogram(own, edges)[0]
        lines.append(Line(name, middles, (counts / max(len(own), 1)).tolist()))
    chart = line_chart(
        column.name,
        lines,
        x_label=f"{form.of(low)} to {form.of(high)}",
        x_format=form,
        y_format=Format.PERCENT,
        y_label="of the segment",
        from_zero=True,
        width=WIDTH,
        height=220,
    )
    return figure(chart)


def _values(cells: Cells) -> tuple[Floats, Format]:
    """Of numbers as they are, of dates in milliseconds."""
    if isinstance(cells, Dates):
        return cells.days * DAY_MS, Format.DATE
    assert isinstance(cells, Numbers)  # categories are drawn by their levels
    return cells.values, Format.NUMBER


def _levels(found: TableFit, column: CategoryColumn, cells: Cells) -> str:
    texts = np.array(written(cells).fill_null("").to_pylist(), dtype=object)
    rows = []
    for place in range(len(_names(found))):
        own = texts[found.placed.labels == place]
        own = own[own != ""]
        shares = [float(np.mean(own == level)) if len(own) else 0.0 for level in column.levels]
        rows.append([*shares, *([max(1.0 - sum(shares), 0.0)] if column.others else [])])
    levels = [*column.levels, *(["(other)"] if column.others else [])]
    chart = heat_map(column.name, _names(found), levels, rows, form=Format.PERCENT, width=WIDTH)
    return figure(chart)


def _typical(found: TableFit) -> str:
    """Medians of numbers, in a table: what a chart doesn't let one read."""
    numeric = [one for one in found.model.columns if not isinstance(one, CategoryColumn)]
    if not numeric:
        return ""
    known = [_values(found.found.used[one.name]) for one in numeric]
    places: list[int | None] = [*range(len(_names(found))), None]
    rows = [
        [name, *(_median(found, values, form, place) for values, form in known)]
        for name, place in zip([*_names(found), "all"], places, strict=True)
    ]
    return table(["median", *(one.name for one in numeric)], rows)


def _median(found: TableFit, values: Floats, form: Format, place: int | None) -> str:
    there = ~np.isnan(values)
    if place is not None:
        there &= found.placed.labels == place
    if not there.any():
        return "–"
    middle = float(np.median(values[there]))
    return form.of(middle) if form is Format.DATE else number(middle)
