"""One look for all pages: colours, the chart template, and what Streamlit is told of both.

Colours of segments are told apart with any of the usual kinds of colour vision and stand out from
white by 3 to 1; all text does by 4.5 to 1 at least. Tests measure both.
"""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT, QUIET_TEXT, LINE, GROUND, PANEL = "#1b2733", "#55616e", "#d9dee4", "#ffffff", "#f4f6f8"
ACCENT = "#0b5f8a"
SEGMENTS = (
    "#0897f2",
    "#096464",
    "#a82700",
    "#9f8c02",
    "#814ab8",
    "#e2689d",
    "#161b85",
    "#492019",
)
DORMANT, RULED, NOWHERE = "#8b939d", "#5f6873", "#b4bbc4"
"""Of the segment that everybody ends up in who buys no more, of other rules, of no segment."""

SEQUENTIAL = ("#eef4f8", "#bcd7e6", "#7fb2cf", "#3f87ae", ACCENT, "#073f5c")
DIVERGING = ("#a82700", "#dd8d72", "#f7f7f7", "#7fb2cf", "#0b5f8a")
FONT = '"Source Sans", sans-serif'

NUMBERED = re.compile(r"-(\d+)$")
LIGHTER, DARKER = 1.25, 0.72

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32" fill="none">'
    f'<g fill="{ACCENT}"><path d="M4 9c6-6 14-6 19 0-5 6-13 6-19 0zm18 0 6-4v8z"/>'
    '<path d="M20 23c6-6 14-6 19 0-5 6-13 6-19 0zm18 0 6-4v8z"/></g></svg>'
)
"""Two fish."""


def colour(segment_id: str | None) -> str:
    """A segment's own, which it has for ever: it comes from its id and from nothing else.

    >>> colour("value-2"), colour("value-2") == colour("value-10")
    ('#096464', False)
    """
    if segment_id is None:
        return NOWHERE
    if segment_id.endswith("-dormant"):
        return DORMANT
    number = NUMBERED.search(segment_id)
    if number is None:
        return RULED
    turn, place = divmod(int(number[1]) - 1, len(SEGMENTS))
    return _shaded(SEGMENTS[place], turn)


def colours(segment_ids: Iterable[str | None]) -> list[str]:
    """Of each, in this order."""
    return [colour(one) for one in segment_ids]


def faded(hex_colour: str, opacity: float) -> str:
    """
    >>> faded("#0897f2", 0.4)
    'rgba(8,151,242,0.4)'
    """
    red, green, blue = (int(hex_colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def figure(height: int = 320, **layout: Any) -> go.Figure:
    """An empty figure in our template; what it is called stands above it, not in it."""
    return go.Figure(layout=go.Layout(template=template(), height=height, **layout))


@lru_cache(maxsize=1)
def template() -> go.layout.Template:
    """Quiet axes, no frame, hover in our font; the legend above the plot, out of its way."""
    axis = {
        "gridcolor": LINE,
        "linecolor": LINE,
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "title": {"font": {"size": 13, "color": QUIET_TEXT}, "standoff": 8},
    }
    layout = go.Layout(
        font={"family": FONT, "size": 14, "color": TEXT},
        colorway=list(SEGMENTS),
        colorscale={
            "sequential": _scale(SEQUENTIAL),
            "sequentialminus": _scale(SEQUENTIAL[::-1]),
            "diverging": _scale(DIVERGING),
        },
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis=axis,
        yaxis=axis,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
        hoverlabel={"font": {"family": FONT, "size": 14}, "bgcolor": GROUND, "bordercolor": LINE},
        separators=".,",
        bargap=0.25,
    )
    return go.layout.Template(layout=layout)


CHART: dict[str, Any] = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
"""Plotly's own switches: no row of buttons over every chart."""

STREAMLIT: dict[str, Any] = {
    "theme_base": "light",
    "theme_primaryColor": ACCENT,
    "theme_backgroundColor": GROUND,
    "theme_secondaryBackgroundColor": PANEL,
    "theme_textColor": TEXT,
    "theme_linkColor": ACCENT,
    "theme_yellowTextColor": "#6b4e00",
    "theme_greenTextColor": "#1a5e37",
    "theme_redTextColor": "#8c2000",
    "theme_blueTextColor": "#0b4f74",
    "theme_borderColor": LINE,
    "theme_baseRadius": "6px",
    "theme_showWidgetBorder": True,
    "theme_headingFontSizes": ["1.75rem", "1.3rem", "1.1rem"],
    "theme_headingFontWeights": [650, 600, 600],
    "theme_metricValueFontSize": "1.7rem",
    "theme_chartCategoricalColors": list(SEGMENTS),
    "theme_sidebar_backgroundColor": PANEL,
}
"""The same look for Streamlit's own parts, as its options are called in code."""


def _shaded(hex_colour: str, turn: int) -> str:
    """The ninth segment has the first one's hue, darker; the seventeenth lighter, and so on."""
    if turn == 0:
        return hex_colour
    red, green, blue = (int(hex_colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = min(light * (DARKER if turn % 2 else LIGHTER), 0.5)
    shaded = colorsys.hls_to_rgb(hue, light, full)
    return "#" + "".join(f"{round(255 * one):02x}" for one in shaded)


def _scale(stops: tuple[str, ...]) -> list[tuple[float, str]]:
    return [(place / (len(stops) - 1), stop) for place, stop in enumerate(stops)]
