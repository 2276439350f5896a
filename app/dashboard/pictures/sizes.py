"""How large each segment is: as bars, which compare, and as a ring, which shows shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dashboard.theme import GROUND, TEXT, colours, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

BAR_PIXELS = 34
LEAST_SHARE_NAMED = 0.04


@dataclass(frozen=True, slots=True)
class Sized:
    """A segment, and how many are in it."""

    segment_id: str
    name: str
    customers: int
    share: float
    """Of all who are in a segment."""


def sized(sizes: Mapping[str, int], names: Mapping[str, str]) -> list[Sized]:
    """The largest first.

    >>> [one.name for one in sized({"a": 1, "b": 3}, {"b": "Loyal"})]
    ['Loyal', 'a']
    """
    everybody = sum(sizes.values())
    ordered = sorted(sizes.items(), key=lambda one: (-one[1], one[0]))
    return [Sized(one, names.get(one, one), many, many / everybody) for one, many in ordered]


def size_bars(segments: Sequence[Sized]) -> go.Figure:
    """The largest on top, each with its count and share beside the bar."""
    ordered = segments[::-1]
    drawn = figure(BAR_PIXELS * len(ordered) + 24, showlegend=False)
    drawn.add_bar(
        x=[one.customers for one in ordered],
        y=[one.name for one in ordered],
        orientation="h",
        marker={"color": colours(one.segment_id for one in ordered)},
        text=[f"{one.customers:,} · {share(one.share)}" for one in ordered],
        textposition="outside",
        textfont={"color": TEXT},
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    most = max((one.customers for one in ordered), default=1)
    drawn.update_xaxes(visible=False, range=[0, most * 1.5])
    drawn.update_yaxes(showgrid=False, ticksuffix="  ")
    return drawn


def size_ring(segments: Sequence[Sized]) -> go.Figure:
    """Shares of all; what is too thin to be named in it is named on hovering."""
    drawn = figure(BAR_PIXELS * len(segments) + 24, showlegend=False)
    drawn.add_pie(
        labels=[one.name for one in segments],
        values=[one.customers for one in segments],
        text=[
            f"{one.name}<br>{one.share:.0%}" if one.share >= LEAST_SHARE_NAMED else ""
            for one in segments
        ],
        hole=0.55,
        sort=False,
        direction="clockwise",
        textinfo="text",
        textposition="outside",
        automargin=True,
        marker={
            "colors": colours(one.segment_id for one in segments),
            "line": {"color": GROUND, "width": 1.5},
        },
        hovertemplate="%{label}: %{value:,} customers, %{percent}<extra></extra>",
    )
    return drawn


def share(part: float) -> str:
    """
    >>> share(0.243), share(0.002), share(0.0)
    ('24%', '<1%', '0%')
    """
    return "<1%" if 0 < part < 0.005 else f"{part:.0%}"
