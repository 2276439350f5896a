"""A shape on axes around a middle: what one group does, beside what all do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from insights.charts.chart import Chart
from insights.charts.colours import FAINT, MORE
from insights.charts.scales import is_drawn
from insights.charts.svg import element, text, told, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RINGS = (0.25, 0.5, 0.75, 1.0)
LETTERS = 10.5
AROUND = 20
"""Above and below, for names."""


def radar(
    title: str,
    axes: Sequence[str],
    values: Sequence[float],
    beside: Sequence[float] = (),
    *,
    colour: str = MORE,
    width: int = 320,
    description: str = "",
) -> Chart:
    """Values from 0, in the middle, to 1, at the rim; `beside` is drawn dashed."""
    longest = max((width_of(name, LETTERS) for name in axes), default=0.0)
    radius = max(min(width / 2 - longest - 6, width * 0.36), width * 0.2)
    middle = width / 2, radius + AROUND
    places = [_place(middle, radius, turn, len(axes)) for turn in range(len(axes))]
    parts = [_outline(middle, radius, [ring] * len(axes)) for ring in RINGS]
    parts += [_spoke(middle, place) for place in places]
    parts += [_name(name, middle, radius, turn, len(axes)) for turn, name in enumerate(axes)]
    if beside:
        parts.append(_shape(middle, radius, beside, None))
    parts.append(_shape(middle, radius, values, colour))
    parts += _dots(axes, values, _points(middle, radius, values), colour)
    pairs = zip(axes, values, strict=True)
    said = ", ".join(f"{name} {_clipped(value):.0%}" for name, value in pairs)
    told_as = description or said or "Nothing to show."
    return Chart(title, told_as, width, int(2 * (radius + AROUND)), "".join(parts))


def _dots(
    axes: Sequence[str],
    values: Sequence[float],
    points: Sequence[tuple[float, float]],
    colour: str,
) -> list[str]:
    said = [f"{name}: {_clipped(value):.0%}" for name, value in zip(axes, values, strict=True)]
    return [
        element("circle", told(words), cx=x, cy=y, r=3, fill=colour)
        for words, (x, y) in zip(said, points, strict=True)
    ]


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0) if is_drawn(value) else 0.0


def _place(
    middle: tuple[float, float], radius: float, turn: int, turns: int
) -> tuple[float, float]:
    angle = 2 * math.pi * turn / max(turns, 1)
    return middle[0] + radius * math.sin(angle), middle[1] - radius * math.cos(angle)


def _points(
    middle: tuple[float, float], radius: float, values: Sequence[float]
) -> list[tuple[float, float]]:
    return [
        _place(middle, radius * _clipped(value), turn, len(values))
        for turn, value in enumerate(values)
    ]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in points)}Z" if points else "M0 0"


def _outline(middle: tuple[float, float], radius: float, values: Sequence[float]) -> str:
    path = _path(_points(middle, radius, values))
    return element("path", d=path, fill="none", stroke="currentColor", stroke_opacity=FAINT)


def _spoke(middle: tuple[float, float], end: tuple[float, float]) -> str:
    ends = {"x1": middle[0], "y1": middle[1], "x2": end[0], "y2": end[1]}
    return element("line", **ends, stroke="currentColor", stroke_opacity=FAINT)


def _shape(
    middle: tuple[float, float], radius: float, values: Sequence[float], colour: str | None
) -> str:
    """Filled with its colour; dashed, where it has none."""
    return element(
        "path",
        d=_path(_points(middle, radius, values)),
        fill=colour or "none",
        fill_opacity=0.22,
        stroke=colour or "currentColor",
        stroke_width=2 if colour else 1.2,
        stroke_opacity=1 if colour else 0.7,
        stroke_dasharray=None if colour else "3 3",
        stroke_linejoin="round",
    )


def _name(name: str, middle: tuple[float, float], radius: float, turn: int, turns: int) -> str:
    x, y = _place(middle, radius + 8, turn, turns)
    side = x - middle[0]
    anchor = "middle" if abs(side) < 4 else "start" if side > 0 else "end"
    lower = 7 if y > middle[1] + 4 else 0 if y < middle[1] - 4 else 4
    return text(name, x, y + lower, text_anchor=anchor, font_size=LETTERS, opacity=0.85)
