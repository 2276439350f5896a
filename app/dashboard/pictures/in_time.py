"""How the sizes of segments went from snapshot to snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dashboard.theme import GROUND, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown
    from stream.contracts.drift import DriftReport

BAR_PIXELS = 34


@dataclass(frozen=True, slots=True)
class At:
    """A lens as one snapshot found it."""

    instant: datetime
    customers: Mapping[str, int]
    """By segment."""

    names: Mapping[str, str]


def of_lens(reports: Sequence[DriftReport], lens: str) -> list[At]:
    """The snapshots that found the lens with segments, the oldest first."""
    found: list[At] = []
    for report in sorted(reports, key=lambda one: one.instant):
        told = [one for drift in report.lenses if drift.lens == lens for one in drift.segments]
        if told:
            customers = {one.segment.id: one.customers for one in told}
            names = {one.segment.id: one.segment.name for one in told}
            found.append(At(report.instant, customers, names))
    return found


def sizes(
    snapshots: Sequence[At], shown: Sequence[Shown], between: tuple[datetime, datetime]
) -> go.Figure:
    """Customers by segment, one upon the other; what is chosen is not shaded."""
    figure = empty_figure(360)
    instants = [at.instant for at in snapshots]
    for one in shown:
        values = [at.customers.get(one.id, 0) for at in snapshots]
        if any(values):
            figure.add_scatter(
                x=instants,
                y=values,
                name=one.name,
                stackgroup="all",
                mode="lines",
                line={"width": 0.8, "color": GROUND},
                fillcolor=one.colour,
                hovertemplate="%{y:,} " + one.name + "<extra></extra>",
            )
    for begin, end in ((instants[0], between[0]), (between[1], instants[-1])):
        if begin < end:
            figure.add_vrect(
                x0=begin, x1=end, fillcolor=GROUND, opacity=0.6, line_width=0, layer="above"
            )
    figure.update_yaxes(title="customers", rangemode="tozero")
    figure.update_xaxes(showgrid=False, hoverformat="%-d %B %Y")
    return figure.update_layout(hovermode="x unified", showlegend=False)


def size_frame(at: At, shown: Sequence[Shown], most: int) -> go.Figure:
    """One moment of a film: bars that stay in their place and grow or shrink to the next one."""
    ordered = shown[::-1]
    counts = [at.customers.get(one.id, 0) for one in ordered]
    figure = empty_figure(max(200, BAR_PIXELS * len(ordered) + 24), showlegend=False)
    figure.add_bar(
        x=counts,
        y=[one.name for one in ordered],
        orientation="h",
        marker={"color": [one.colour for one in ordered]},
        text=[f"{one:,}" for one in counts],
        textposition="outside",
        textfont={"color": TEXT},
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    figure.update_xaxes(visible=False, range=[0, 1.25 * most])
    figure.update_yaxes(showgrid=False, ticksuffix="  ")
    return figure.update_layout(transition={"duration": 400, "easing": "cubic-in-out"})
