"""A ring of parts with a key beside it: how large each is of the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.chart import Chart
from insights.charts.colours import FAINT, colour_of
from insights.charts.scales import is_drawn
from insights.charts.svg import element, shortened, text, told

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW = 22
HOLE = 0.58
"""Of the radius."""

GAP = 14
WHOLE = 0.99999
"""Of a turn: an arc that ends where it begins is none."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part; below nothing it has none."""

    label: str
    value: float
    colour: str | None = None


def pie_chart(
    title: str, slices: Sequence[Slice], *, width: int = 640, size: int = 150, description: str = ""
) -> Chart:
    """Clockwise from the top, in the order given; the key has each one's share."""
    values = [max(one.value, 0.0) if is_drawn(one.value) else 0.0 for one in slices]
    whole = sum(values)
    shares = [value / whole if whole > 0 else 0.0 for value in values]
    colours = [one.colour or colour_of(place) for place, one in enumerate(slices)]
    notes = [_percent(share) for share in shares]
    height = max(size, len(slices) * ROW) + 4
    middle = size / 2, height / 2
    ring = _ring(slices, shares, colours, notes, middle, size / 2)
    top = (height - len(slices) * ROW) / 2
    key = [
        _key(one.label, note, colour, size + GAP, top + place * ROW, width)
        for place, (one, note, colour) in enumerate(zip(slices, notes, colours, strict=True))
    ]
    said = ", ".join(f"{one.label} {note}" for one, note in zip(slices, notes, strict=True))
    drawn = "".join([*ring, *key])
    return Chart(title, description or said or "Nothing to show.", width, height, drawn)


def _ring(
    slices: Sequence[Slice],
    shares: Sequence[float],
    colours: Sequence[str],
    notes: Sequence[str],
    middle: tuple[float, float],
    radius: float,
) -> list[str]:
    if not sum(shares):
        thick = radius * (1 - HOLE)
        ring = {"cx": middle[0], "cy": middle[1], "r": radius - thick / 2, "fill": "none"}
        faint = {"stroke": "currentColor", "stroke_opacity": FAINT, "stroke_width": thick}
        return [element("circle", **ring, **faint)]
    parts, begin = [], 0.0
    for one, share, colour, note in zip(slices, shares, colours, notes, strict=True):
        if share:
            shape = _arc(middle, radius, begin, begin + share * WHOLE)
            parts.append(element("path", told(f"{one.label}: {note}"), d=shape, fill=colour))
        begin += share
    return parts


def _arc(middle: tuple[float, float], radius: float, begin: float, end: float) -> str:
    """Out along the rim and back along the hole; turns are parts of one."""
    large = int(end - begin > 0.5)
    inner = radius * HOLE
    out = f"M{_at(middle, radius, begin)}A{radius:.1f} {radius:.1f} 0 {large} 1 "
    back = f"L{_at(middle, inner, end)}A{inner:.1f} {inner:.1f} 0 {large} 0 "
    return f"{out}{_at(middle, radius, end)}{back}{_at(middle, inner, begin)}Z"


def _at(middle: tuple[float, float], radius: float, turn: float) -> str:
    angle = 2 * math.pi * turn
    x = middle[0] + radius * math.sin(angle)
    return f"{x:.2f} {middle[1] - radius * math.cos(angle):.2f}"


def _key(label: str, note: str, colour: str, x: float, y: float, width: int) -> str:
    patch = element("rect", x=x, y=y + 5, width=10, height=10, rx=2, fill=colour)
    room = width - x - 16 - 62
    name = text(shortened(label, room), x + 16, y + 15)
    return patch + name + text(note, width - 2, y + 15, text_anchor="end")


def _percent(share: float) -> str:
    """
    >>> _percent(0.004), _percent(0.0), _percent(0.5)
    ('under 1 %', '0 %', '50 %')
    """
    return "under 1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"
