"""Changes of segment over time: how many, stride by stride, stacked by what caused them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.dashboard.said import WHY
from app.dashboard.theme import figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import plotly.graph_objects as go

    from app.queries.pace import Counted

CAUSES = {
    "moved": "#0b5f8a",
    "time": "#9aa4af",
    "refit": "#d9a520",
    "joined": "#57a98f",
    "late": "#a8456b",
    "first_model": "#c9b8e0",
    "erased": "#1b2733",
}
"""In the order in which they are stacked."""

FEW = 5
"""Of fewer each has its tick, or halves of a change would stand there."""

STRIDE_WORDS = {"MINUTE": "a minute", "HOUR": "an hour", "DAY": "a day"}
WIDTHS_MS = {"MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000}


def change_bars(
    counted: Sequence[Counted], stride: str, since: datetime, until: datetime
) -> go.Figure:
    """A bar a stride, an empty place where nothing changed."""
    drawn = figure(310, barmode="stack", hovermode="x unified", bargap=0.15)
    width_ms = WIDTHS_MS[stride]
    for cause, colour in CAUSES.items():
        mine = [one for one in counted if one.cause == cause]
        if mine:
            drawn.add_bar(
                x=[one.instant for one in mine],
                y=[one.changes for one in mine],
                width=width_ms * 0.85,
                offset=0,
                name=WHY[cause],
                marker={"color": colour},
                hovertemplate="%{y:,}",
            )
    drawn.update_layout(legend={"traceorder": "normal"})
    drawn.update_xaxes(range=[since, until], showgrid=False)
    few = {"dtick": 1} if _most(counted) < FEW else {"nticks": 5}
    drawn.update_yaxes(
        title=f"changes {STRIDE_WORDS[stride]}", rangemode="tozero", tickformat=",d", **few
    )
    return drawn


def _most(counted: Sequence[Counted]) -> int:
    """Of one bar."""
    sums: Counter[datetime] = Counter()
    for one in counted:
        sums[one.instant] += one.changes
    return max(sums.values(), default=0)
