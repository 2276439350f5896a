"""Lines over time or over a number: drift from snapshot to snapshot, inertia over k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.axes import frame, grid, legend
from insights.charts.chart import Chart
from insights.charts.colours import colour_of
from insights.charts.scales import Format, is_drawn, span_of
from insights.charts.svg import element, text, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.charts.axes import Frame

MOST_DOTS = 60
"""A line of more points is drawn without a dot at each."""


@dataclass(frozen=True, slots=True)
class Line:
    """A gap stands where a value is no finite number."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def line_chart(
    title: str,
    lines: Sequence[Line],
    *,
    x_label: str = "",
    y_label: str = "",
    x_format: Format = Format.NUMBER,
    y_format: Format = Format.NUMBER,
    from_zero: bool = False,
    marks: Sequence[tuple[float, str]] = (),
    width: int = 640,
    height: int = 260,
    description: str = "",
) -> Chart:
    """`marks` are places on the x axis with a word each, such as the chosen k."""
    key, top = legend([line.name for line in lines], width) if len(lines) > 1 else ("", 0)
    xs = [x for line in lines for x in line.xs]
    across = span_of([*xs, *(x for x, _ in marks)], form=x_format)
    up = span_of([y for line in lines for y in line.ys], zero=from_zero)
    place = frame(across, up, width, height)
    parts = [grid(place, x_label, y_label, x_format, y_format)]
    parts += [_mark(place, x, words, row) for row, (x, words) in enumerate(marks)]
    parts += [
        _line(place, line, colour_of(index), x_format, y_format) for index, line in enumerate(lines)
    ]
    body = key + element("g", *parts, transform=f"translate(0 {top})")
    return Chart(title, description or _said(lines, y_format), width, height + top, body)


def _line(place: Frame, line: Line, colour: str, x_format: Format, y_format: Format) -> str:
    points = [
        (place.x(x), place.y(y), f"{line.name} {x_format.of(x)}: {y_format.of(y)}")
        if is_drawn(y) and is_drawn(x)
        else None
        for x, y in zip(line.xs, line.ys, strict=True)
    ]
    path, down = [], False
    for point in points:
        if point:
            path.append(f"{'L' if down else 'M'}{point[0]:.1f} {point[1]:.1f}")
        down = point is not None
    drawn = element("path", d=" ".join(path) or "M0 0", fill="none", stroke=colour, stroke_width=2)
    there = [point for point in points if point]
    dots = there if len(there) <= MOST_DOTS else []
    return drawn + "".join(
        element("circle", told(words), cx=x, cy=y, r=3, fill=colour) for x, y, words in dots
    )


def _mark(place: Frame, x: float, words: str, row: int) -> str:
    """Words of several stand one below the other, as they may be close."""
    at = place.x(x)
    late = at > (place.x.start + place.x.end) / 2
    line = element(
        "line",
        x1=at,
        x2=at,
        y1=place.y.end,
        y2=place.y.start,
        stroke="currentColor",
        stroke_dasharray="4 3",
        stroke_opacity=0.7,
    )
    anchor = "end" if late else "start"
    down = place.y.end + 10 + 14 * row
    return line + text(words, at + (-5 if late else 5), down, text_anchor=anchor)


def _said(lines: Sequence[Line], form: Format) -> str:
    said = []
    for line in lines:
        there = [y for y in line.ys if is_drawn(y)]
        if there:
            said.append(f"{line.name} from {form.of(there[0])} to {form.of(there[-1])}")
    return "; ".join(said) or "Nothing to show."
