"""What speaks for a number of segments: inertia with its elbow, silhouette, the smallest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import ACCENT, QUIET_TEXT, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from snapshot.choosing import Tried


def inertia_curve(curves: Sequence[Tried], chosen: int, elbow: int | None) -> go.Figure:
    """It always falls; where it bends, more segments bring little more."""
    figure = _curve([one.k for one in curves], [one.inertia for one in curves], "inertia")
    if elbow is None or elbow == chosen:
        _mark(figure, chosen, "chosen")
    else:  # side by side they would lie on each other
        _mark(figure, min(chosen, elbow), "chosen" if chosen < elbow else "elbow", "right")
        _mark(figure, max(chosen, elbow), "chosen" if chosen > elbow else "elbow", "left")
    figure.update_yaxes(rangemode="tozero")
    return figure


def silhouette_curve(curves: Sequence[Tried], chosen: int) -> go.Figure:
    """How far apart segments lie; no guide by itself: one giant scores high."""
    there = [(one.k, one.silhouette) for one in curves if one.silhouette is not None]
    figure = _curve([k for k, _ in there], [value for _, value in there], "silhouette")
    _mark(figure, chosen, "chosen")
    return figure


def _curve(ks: list[int], values: list[float], name: str) -> go.Figure:
    figure = empty_figure(280)
    figure.add_scatter(
        x=ks,
        y=values,
        mode="lines+markers",
        line={"color": ACCENT, "width": 2.5},
        marker={"size": 8},
        hovertemplate="%{x} segments: %{y:.2f}<extra></extra>",
    )
    figure.update_xaxes(title="segments", dtick=1, showgrid=False)
    figure.update_yaxes(title=name)
    return figure.update_layout(showlegend=False, margin={"t": 24})


def _mark(figure: go.Figure, k: int, name: str, side: str = "center") -> None:
    figure.add_vline(x=k, line={"color": QUIET_TEXT, "width": 1, "dash": "dot"}, layer="below")
    figure.add_annotation(
        x=k,
        xanchor=side,
        y=1,
        yref="paper",
        yanchor="bottom",
        text=name,
        showarrow=False,
        font={"size": 12, "color": TEXT},
    )
