"""How often which values come: columns of equal width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.axes import frame, grid
from insights.charts.chart import Chart
from insights.charts.colours import MORE
from insights.charts.scales import Format, is_drawn, span_of
from insights.charts.svg import element, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.charts.scales import Scale


def histogram(
    title: str,
    values: Sequence[float],
    *,
    bins: int = 30,
    x_label: str = "",
    y_label: str = "customers",
    x_format: Format = Format.NUMBER,
    width: int = 640,
    height: int = 240,
    description: str = "",
) -> Chart:
    """Values that are no finite numbers are left out, and said."""
    there = [value for value in values if is_drawn(value)]
    low, high = span_of(there)
    counts = _counts(there, low, high, bins)
    place = frame((low, high), span_of(counts, zero=True), width, height)
    columns = [
        _column(place.x, place.y, low, (high - low) / bins, index, count, x_format)
        for index, count in enumerate(counts)
        if count
    ]
    said = description or f"{len(there):,} values from {x_format.of(low)} to {x_format.of(high)}."
    left_out = len(values) - len(there)
    more = f" {left_out:,} without a number." if left_out else ""
    body = grid(place, x_label, y_label, x_format) + "".join(columns)
    return Chart(title, said + more, width, height, body)


def _counts(values: Sequence[float], low: float, high: float, bins: int) -> list[int]:
    counts = [0] * bins
    for value in values:
        counts[min(int((value - low) / (high - low) * bins), bins - 1)] += 1
    return counts


def _column(
    x: Scale, y: Scale, low: float, step: float, index: int, count: int, form: Format
) -> str:
    start, end = low + index * step, low + (index + 1) * step
    return element(
        "rect",
        told(f"{form.of(start)} to {form.of(end)}: {count:,}"),
        x=x(start) + 0.5,
        y=y(count),
        width=max(x(end) - x(start) - 1, 0.5),
        height=y(0) - y(count),
        fill=MORE,
    )
