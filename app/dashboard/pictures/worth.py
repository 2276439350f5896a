"""What segments are expected to bring, and how many of each are expected to stay away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.pictures.words import number
from app.dashboard.theme import GROUND, TEXT, colour
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from stream.contracts.insight_report import SegmentInsight

ROW_PIXELS = 36


def worth_bars(segments: Sequence[SegmentInsight]) -> go.Figure:
    """Lifetime value of all customers of a segment, and of one of them beside it."""
    known = [one for one in segments if one.clv is not None][::-1]
    values = [one.clv or 0.0 for one in known]
    figure = empty_figure(ROW_PIXELS * len(known) + 30, showlegend=False)
    figure.add_bar(
        x=values,
        y=[one.segment.name for one in known],
        orientation="h",
        marker={"color": [colour(one.segment.id) for one in known]},
        text=[
            f"{number(value)} · {number(value / max(one.customers, 1))} each"
            for one, value in zip(known, values, strict=True)
        ],
        textposition="outside",
        textfont={"color": TEXT},
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    figure.update_xaxes(visible=False, range=[0, 2 * max(values, default=1.0) or 1.0])
    figure.update_yaxes(showgrid=False, ticksuffix="  ")
    return figure


def risk_points(segments: Sequence[SegmentInsight]) -> go.Figure:
    """For each segment how many are likely to be customers still, and how many to fall silent."""
    figure = empty_figure(ROW_PIXELS * len(segments) + 70)
    names = [one.segment.name for one in segments]
    for name, values, symbol, inside in (
        ("still a customer", [one.probability_alive for one in segments], "circle", True),
        ("falls silent", [one.churn_risk for one in segments], "diamond", False),
    ):
        colours = [colour(one.segment.id) for one in segments]
        figure.add_scatter(
            x=values,
            y=names,
            mode="markers",
            name=name,
            marker={
                "size": 13,
                "symbol": symbol,
                "color": colours if inside else GROUND,
                "line": {"color": colours, "width": 2.5},
            },
            hovertemplate=f"%{{y}}: %{{x:.0%}} {name}<extra></extra>",
        )
    figure.update_xaxes(tickformat=".0%", range=[-0.03, 1.03], nticks=6)
    figure.update_yaxes(autorange="reversed", ticksuffix="  ")
    return figure
