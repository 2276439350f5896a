"""A matrix with its numbers, the larger the darker: who went from where to where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.chart import Chart
from insights.charts.colours import FAINT, LESS, MORE
from insights.charts.scales import Format, is_drawn
from insights.charts.svg import element, shortened, text, told, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL = 30
DARKEST = 0.6
"""Letters in the colour of the text have to be read on it."""

LONGEST = 22
"""Letters of a label."""


def heat_map(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    form: Format = Format.NUMBER,
    row_label: str = "",
    column_label: str = "",
    width: int = 640,
    description: str = "",
) -> Chart:
    """A cell a value; below nothing in another colour, and empty where it is no number."""
    left = min(max((width_of(row) for row in rows), default=0) + 12, width * 0.36)
    cell = min(max((width - left) / max(len(columns), 1), CELL), 110.0)
    width = max(width, int(left + cell * len(columns) + _room_beside(columns, cell)))
    top = _room_above(columns, cell) + (18 if column_label else 0)
    most = max((abs(v) for row in values for v in row if is_drawn(v)), default=0.0)
    turned = _turned(columns, cell)
    write = _turned_name if turned else _column
    parts = [write(name, left + place * cell, top, cell) for place, name in enumerate(columns)]
    if column_label:
        parts.append(text(column_label, left, 11, opacity=0.75))
    if row_label:
        parts.append(text(shortened(row_label, left - 8), 0, top - 8, opacity=0.75))
    for place, (row, across) in enumerate(zip(rows, values, strict=True)):
        y = top + place * CELL
        parts.append(text(shortened(row, left - 10), 0, y + CELL / 2 + 4))
        for column, value in enumerate(across):
            words = f"{row} → {columns[column]}: {form.of(value)}"
            parts.append(_cell(value, most, left + column * cell, y, cell, words, form))
    height = int(top + CELL * len(rows)) + 4
    said = (
        description or f"{len(rows)} rows by {len(columns)} columns, the largest {form.of(most)}."
    )
    return Chart(title, said, width, height, "".join(parts))


def _cell(
    value: float, most: float, x: float, y: float, cell: float, words: str, form: Format
) -> str:
    there = is_drawn(value)
    share = abs(value) / most if there and most else 0.0
    square = element(
        "rect",
        told(words),
        x=x,
        y=y,
        width=cell,
        height=CELL,
        fill=LESS if value < 0 else MORE,
        fill_opacity=DARKEST * share,
        stroke="currentColor",
        stroke_opacity=FAINT,
    )
    shown = shortened(form.of(value), cell, 11) if there and value else ""
    middle = {"text_anchor": "middle", "font_size": 11, "pointer_events": "none"}
    return square + (text(shown, x + cell / 2, y + CELL / 2 + 4, **middle) if shown else "")


def _turned(columns: Sequence[str], cell: float) -> bool:
    return any(width_of(name) > cell - 6 for name in columns)


def _room_above(columns: Sequence[str], cell: float) -> int:
    if not _turned(columns, cell):
        return 24
    longest = max(width_of(name[:LONGEST]) for name in columns)
    return int(longest * 0.71) + 26


def _room_beside(columns: Sequence[str], cell: float) -> float:
    """The last name, where it is turned, leans out over its column."""
    if not columns or not _turned(columns, cell):
        return 0.0
    return max(width_of(columns[-1][:LONGEST]) * 0.71 - cell / 2 + 8, 0.0)


def _column(name: str, x: float, top: float, cell: float) -> str:
    return text(name, x + cell / 2, top - 8, text_anchor="middle")


def _turned_name(name: str, x: float, top: float, cell: float) -> str:
    shown = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    at, y = x + cell / 2, top - 8
    return text(shown, at, y, transform=f"rotate(-45 {at:.1f} {y:.1f})")
