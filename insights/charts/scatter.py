"""Points in groups, on two axes: customers in the space of a lens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.axes import frame, grid, legend
from insights.charts.chart import Chart
from insights.charts.colours import colour_of
from insights.charts.scales import Format, is_drawn, span_of
from insights.charts.svg import element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.charts.axes import Frame

MOST_POINTS = 3_000
"""Of all clouds together: more make a large file and a blot. The nth point of each is drawn."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """The points of a group."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def scatter(
    title: str,
    clouds: Sequence[Cloud],
    *,
    x_label: str = "",
    y_label: str = "",
    x_format: Format = Format.NUMBER,
    y_format: Format = Format.NUMBER,
    width: int = 640,
    height: int = 420,
    description: str = "",
) -> Chart:
    """A dot a point, a colour a cloud."""
    key, top = legend([cloud.name for cloud in clouds], width)
    across = span_of([x for cloud in clouds for x in cloud.xs])
    up = span_of([y for cloud in clouds for y in cloud.ys])
    place = frame(across, up, width, height)
    points = sum(len(cloud.xs) for cloud in clouds)
    every = max(1, -(-points // MOST_POINTS))
    dots = [_dots(place, cloud, colour_of(index), every) for index, cloud in enumerate(clouds)]
    axes = grid(place, x_label, y_label, x_format, y_format)
    body = key + element("g", axes, *dots, transform=f"translate(0 {top})")
    counts = ", ".join(f"{cloud.name} {len(cloud.xs):,}" for cloud in clouds)
    said = description or f"{points:,} points: {counts or 'none'}."
    return Chart(title, said, width, height + top, body)


def _dots(place: Frame, cloud: Cloud, colour: str, every: int) -> str:
    """One path of dots: a round end of a line of no length."""
    pairs = list(zip(cloud.xs, cloud.ys, strict=True))[::every]
    there = [(x, y) for x, y in pairs if is_drawn(x) and is_drawn(y)]
    path = "".join(f"M{place.x(x):.1f} {place.y(y):.1f}h0" for x, y in there)
    return element(
        "path",
        d=path or "M0 0",
        stroke=colour,
        stroke_width=4.5 if path else 0,
        stroke_linecap="round",
        stroke_opacity=0.55,
        fill="none",
    )
