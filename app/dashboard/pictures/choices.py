"""What margin and number of segments cost in changes, and what they bring in agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import QUIET_TEXT, SEGMENTS, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import plotly.graph_objects as go

    from app.dashboard.comparing import Outcome

DASHES = ("solid", "dash", "dot", "dashdot")
MARKS = ("circle", "square", "diamond", "triangle-up")


def changes_by_margin(
    outcomes: Sequence[Outcome], times: float, present: float | None
) -> go.Figure:
    """A line for each number of segments; `present` is the margin that the settings have."""
    figure = _lines(outcomes, lambda one: one.changes_a_week * times, "%{y:,.0f} changes a week")
    figure.update_yaxes(title="changes a week", rangemode="tozero")
    return _with_present(figure, present)


def agreement_by_margin(outcomes: Sequence[Outcome], present: float | None) -> go.Figure:
    """Of what is published with a batch clustering of the same day."""
    figure = _lines(outcomes, lambda one: one.agreement, "%{y:.1%} agree")
    figure.update_yaxes(title="agreement", tickformat=".0%")
    return _with_present(figure, present)


def called(k: int | None, segments: int) -> str:
    """
    >>> called(None, 5), called(4, 4)
    ('as many as hold (5)', '4 segments')
    """
    return f"as many as hold ({segments})" if k is None else f"{k} segments"


def _lines(
    outcomes: Sequence[Outcome], value: Callable[[Outcome], float | None], told: str
) -> go.Figure:
    figure = empty_figure(320)
    for place, k in enumerate(dict.fromkeys(one.k for one in outcomes)):
        there = sorted((one for one in outcomes if one.k == k), key=lambda one: one.margin)
        figure.add_scatter(
            x=[one.margin for one in there],
            y=[value(one) for one in there],
            name=called(k, there[0].segments),
            mode="lines+markers",
            line={
                "color": SEGMENTS[place % len(SEGMENTS)],
                "width": 2.5,
                "dash": DASHES[place % len(DASHES)],
            },
            marker={"size": 9, "symbol": MARKS[place % len(MARKS)]},
            hovertemplate=f"margin %{{x:g}}: {told}",
        )
    figure.update_xaxes(title="margin", showgrid=False)
    return figure.update_layout(showlegend=True)


def _with_present(figure: go.Figure, present: float | None) -> go.Figure:
    if present is None:
        return figure
    figure.add_vline(
        x=present, line={"color": QUIET_TEXT, "width": 1, "dash": "dot"}, layer="below"
    )
    figure.add_annotation(
        x=present,
        y=0,
        yref="paper",
        yanchor="bottom",
        xanchor="left",
        text=" as set now",
        showarrow=False,
        font={"size": 12, "color": TEXT},
    )
    return figure
