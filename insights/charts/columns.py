"""Standing columns that were counted before: of equal width, a label under each or an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.axes import BOTTOM, frame, grid
from insights.charts.chart import Chart
from insights.charts.colours import MORE
from insights.charts.scales import Format, is_drawn, span_of
from insights.charts.svg import element, text, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.charts.axes import Frame


@dataclass(frozen=True, slots=True)
class Standing:
    """A column; `label` stands below it, where there is room."""

    label: str
    value: float


def column_chart(
    title: str,
    columns: Sequence[Standing],
    *,
    y_label: str = "",
    form: Format = Format.NUMBER,
    every: int = 1,
    width: int = 640,
    height: int = 240,
    description: str = "",
) -> Chart:
    """From left to right in the order given, `every` nth with its label."""
    up = span_of([one.value for one in columns], zero=True)
    place = frame((0.0, max(len(columns), 1)), up, width, height)
    parts = [_column(place, at, one, form) for at, one in enumerate(columns)]
    parts += [_label(place, at, one.label) for at, one in enumerate(columns) if at % every == 0]
    lines = grid(place, "", y_label, y_format=form, across=False)
    said = ", ".join(f"{one.label} {form.of(one.value)}" for one in columns)
    return Chart(
        title, description or said or "Nothing to show.", width, height, lines + "".join(parts)
    )


def _column(place: Frame, at: int, one: Standing, form: Format) -> str:
    x, end = place.x(at), place.x(at + 1)
    zero, top = place.y(0.0), place.y(one.value if is_drawn(one.value) else 0.0)
    return element(
        "rect",
        told(f"{one.label}: {form.of(one.value)}"),
        x=x + 1,
        y=min(zero, top),
        width=max(end - x - 2, 0.5),
        height=abs(zero - top),
        rx=1.5,
        fill=MORE,
    )


def _label(place: Frame, at: int, label: str) -> str:
    x = (place.x(at) + place.x(at + 1)) / 2
    return text(label, x, place.height - BOTTOM + 17, text_anchor="middle", font_size=11)
