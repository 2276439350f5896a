"""What a campaign wins at each response, and from which one on it pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import ACCENT, QUIET_TEXT, SEGMENTS, TEXT, faded
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from insights.playbook.returns import Expected

LOST = SEGMENTS[2]


def paying_curve(
    responses: Sequence[float],
    profits: Sequence[Expected],
    planned: float,
    break_even: float | None,
) -> go.Figure:
    """The average as a line in its band; the response that is planned, and the one that pays."""
    figure = empty_figure(330)
    figure.add_scatter(
        x=[*responses, *responses[::-1]],
        y=[*(one.high for one in profits), *(one.low for one in profits[::-1])],
        fill="toself",
        fillcolor=faded(ACCENT, 0.15),
        line={"width": 0},
        hoverinfo="skip",
        mode="lines",
    )
    figure.add_scatter(
        x=list(responses),
        y=[one.mean for one in profits],
        mode="lines",
        line={"color": ACCENT, "width": 2.5},
        hovertemplate="response %{x:.1%}: %{y:,.0f}<extra></extra>",
    )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1})
    _mark(figure, planned, "as planned", QUIET_TEXT, 1.0)
    if break_even is not None and break_even <= responses[-1]:
        _mark(figure, break_even, f"pays from {break_even:.1%} on", LOST, 0.0)
    figure.update_xaxes(title="response", tickformat=".0%", showgrid=False)
    figure.update_yaxes(title="profit", tickformat=",d", nticks=6)
    return figure.update_layout(showlegend=False, margin={"t": 24})


def _mark(figure: go.Figure, at: float, name: str, colour: str, height: float) -> None:
    """Words at the top or the bottom, so that two marks side by side don't lie on each other."""
    figure.add_vline(x=at, line={"color": colour, "width": 1.5, "dash": "dot"}, layer="below")
    figure.add_annotation(
        x=at,
        y=height,
        yref="paper",
        yanchor="bottom",
        xanchor="center" if height else "left",
        text=name if height else f" {name}",
        showarrow=False,
        font={"size": 12, "color": TEXT},
    )
