"""Lying bars, a label each: sizes, shares, and differences to both sides of nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.chart import Chart
from insights.charts.colours import FAINT, LESS, MORE
from insights.charts.scales import Format, Scale, is_drawn, span_of
from insights.charts.svg import element, shortened, text, told, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW, THICK = 26, 16
WIDEST_LABELS = 0.4
"""Of the whole width."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`note` is written at its end, in place of the value."""

    label: str
    value: float
    note: str = ""
    colour: str | None = None


def bar_chart(
    title: str,
    bars: Sequence[Bar],
    *,
    form: Format = Format.NUMBER,
    span: tuple[float, float] | None = None,
    width: int = 640,
    description: str = "",
) -> Chart:
    """From top to bottom in the order given; charts of the same `span` can be compared."""
    notes = [bar.note or form.of(bar.value) for bar in bars]
    labels = min(max((width_of(bar.label) for bar in bars), default=0) + 10, width * WIDEST_LABELS)
    room = max((width_of(note) for note in notes), default=0) + 12
    low, high = span_of([*(bar.value for bar in bars), *(span or ())], zero=True)
    left = labels + (room if low < 0 else 0)
    scale = Scale(low, high, left, max(width - room, left + 20))
    parts = [
        _row(bar, note, place * ROW, labels, scale)
        for place, (bar, note) in enumerate(zip(bars, notes, strict=True))
    ]
    height = len(bars) * ROW + 4
    zero = scale(0.0)
    axis = element(
        "line",
        x1=zero,
        x2=zero,
        y1=0,
        y2=height,
        stroke="currentColor",
        stroke_opacity=2 * FAINT,
    )
    said = ", ".join(f"{bar.label} {note}" for bar, note in zip(bars, notes, strict=True))
    return Chart(
        title, description or said or "Nothing to show.", width, height, "".join([*parts, axis])
    )


def _row(bar: Bar, note: str, y: int, labels: float, scale: Scale) -> str:
    zero, end = scale(0.0), scale(bar.value if is_drawn(bar.value) else 0.0)
    there = max(abs(end - zero), 1.0) if bar.value and is_drawn(bar.value) else 0.0
    down = bar.value < 0
    shape = element(
        "rect",
        told(f"{bar.label}: {note}"),
        x=min(zero, end),
        y=y + (ROW - THICK) / 2,
        width=there,
        height=THICK,
        rx=2,
        fill=bar.colour or (LESS if down else MORE),
    )
    middle = y + ROW / 2 + 4
    label = text(shortened(bar.label, labels - 8), 0, middle)
    at, anchor = (end - 6, "end") if down else (max(end, zero) + 6, "start")
    return label + shape + text(note, at, middle, text_anchor=anchor)
