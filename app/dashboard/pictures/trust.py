"""Whether to trust the segments: how well they agreed with a batch clustering, each snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import ACCENT, QUIET_TEXT, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from stream.contracts.drift import DriftReport, LensDrift

ALERT = "#a82700"


def agreement_lines(reports: Sequence[DriftReport], lens: str, target: float) -> go.Figure:
    """The oldest first. Below the dotted line the job raises an alert."""
    found = [(report, _of_lens(report, lens)) for report in reports]
    drawn = figure(250, hovermode="x unified")
    for name, field, colour in (
        ("as published", "published_agreement", ACCENT),
        ("running centroids", "agreement", "#7fb2cf"),
    ):
        told = [(report.instant, getattr(one, field)) for report, one in found if one is not None]
        there = [(instant, agreed.share) for instant, agreed in told if agreed is not None]
        drawn.add_scatter(
            x=[instant for instant, _ in there],
            y=[share for _, share in there],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            marker={"size": 7},
            hovertemplate="%{y:.1%}",
        )
    drawn.add_hline(y=target, line={"color": ALERT, "width": 1.5, "dash": "dot"})
    drawn.add_annotation(
        text=f"alert below {target:.0%}",
        x=0.01,
        xref="paper",
        xanchor="left",
        y=target,
        yanchor="top",
        showarrow=False,
        font={"size": 12, "color": QUIET_TEXT},
    )
    drawn.update_yaxes(tickformat=".0%", range=[min(target - 0.05, _least(drawn)), 1.01])
    drawn.update_xaxes(showgrid=False)
    return drawn


def _of_lens(report: DriftReport, lens: str) -> LensDrift | None:
    return next((one for one in report.lenses if one.lens == lens), None)


def _least(drawn: go.Figure) -> float:
    return min((value - 0.03 for trace in drawn.data for value in trace.y), default=1.0)
