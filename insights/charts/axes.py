"""The frame that lines, points and columns are drawn in: grid, ticks, names of the axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.colours import FAINT, colour_of
from insights.charts.scales import Format, Scale, ticks
from insights.charts.svg import element, shortened, text, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT, RIGHT, TOP, BOTTOM = 54, 34, 8, 42
"""Room around; at the right for half a date."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where values lie."""

    x: Scale
    y: Scale
    width: int
    height: int


def frame(across: tuple[float, float], up: tuple[float, float], width: int, height: int) -> Frame:
    """The place for values in these spans."""
    return Frame(
        Scale(*across, LEFT, width - RIGHT), Scale(*up, height - BOTTOM, TOP), width, height
    )


def grid(
    place: Frame,
    x_label: str,
    y_label: str,
    x_format: Format = Format.NUMBER,
    y_format: Format = Format.NUMBER,
    *,
    across: bool = True,
) -> str:
    """Faint lines at round values, the values beside them, and what they are; without `across`
    nothing is written below."""
    parts = [
        _across(place, value, y_format) for value in ticks(place.y.low, place.y.high, 5, y_format)
    ]
    apart = 95 if x_format is Format.DATE else 60
    most = max(2, int((place.width - LEFT - RIGHT) / apart))
    below = ticks(place.x.low, place.x.high, most, x_format) if across else []
    parts += [_up(place, value, x_format) for value in below]
    middle = (place.x.start + place.x.end) / 2
    parts.append(text(x_label, middle, place.height - 6, text_anchor="middle", opacity=0.75))
    turned = f"rotate(-90 12 {(place.height - BOTTOM + TOP) / 2:.0f})"
    at = (place.height - BOTTOM + TOP) / 2
    parts.append(text(y_label, 12, at, text_anchor="middle", opacity=0.75, transform=turned))
    return "".join(parts)


def legend(names: Sequence[str], width: int) -> tuple[str, int]:
    """A patch and a name each, in as many rows as it takes; and how high that is."""
    parts, x, y = [], 0.0, 12.0
    for place, name in enumerate(names):
        shown = shortened(name, width - 30)
        room = 16 + width_of(shown) + 16
        if x and x + room > width:
            x, y = 0.0, y + 18
        patch = element("rect", x=x, y=y - 9, width=10, height=10, rx=2, fill=colour_of(place))
        parts += [patch, text(shown, x + 16, y)]
        x += room
    return "".join(parts), int(y) + 12 if names else 0


def _across(place: Frame, value: float, form: Format) -> str:
    y = place.y(value)
    line = element(
        "line",
        x1=place.x.start,
        x2=place.x.end,
        y1=y,
        y2=y,
        stroke="currentColor",
        stroke_opacity=FAINT,
    )
    return line + text(form.of(value), place.x.start - 6, y + 4, text_anchor="end", font_size=11)


def _up(place: Frame, value: float, form: Format) -> str:
    x, y = place.x(value), place.y.start
    line = element(
        "line", x1=x, x2=x, y1=y, y2=y + 4, stroke="currentColor", stroke_opacity=2 * FAINT
    )
    return line + text(form.of(value), x, y + 17, text_anchor="middle", font_size=11)
