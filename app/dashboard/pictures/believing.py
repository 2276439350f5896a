"""How far to believe what is expected: held against what then came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import ACCENT, NOWHERE, QUIET_TEXT, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from stream.contracts.insight_report import CalibrationBin, HeldOutRow


def calibration(bins: Sequence[CalibrationBin]) -> go.Figure:
    """Points on the dotted line fell silent as often as was said of them."""
    figure = empty_figure(340)
    most = min(1.0, 1.1 * max((max(one.predicted, one.observed) for one in bins), default=1.0))
    figure.add_scatter(
        x=[0, most],
        y=[0, most],
        mode="lines",
        line={"color": QUIET_TEXT, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[one.predicted for one in bins],
        y=[one.observed for one in bins],
        customdata=[one.customers for one in bins],
        mode="lines+markers",
        line={"color": ACCENT, "width": 2.5},
        marker={"size": 10},
        hovertemplate="predicted %{x:.0%}, came %{y:.0%}, %{customdata:,} customers<extra></extra>",
    )
    figure.update_xaxes(title="risk as predicted", tickformat=".0%", range=[0, most])
    figure.update_yaxes(title="share who fell silent", tickformat=".0%", range=[0, most])
    return figure.update_layout(showlegend=False)


def held_out_bars(rows: Sequence[HeldOutRow]) -> go.Figure:
    """Purchases expected beside those that came, by how often customers had bought again."""
    names = repeats_of(rows)
    figure = empty_figure(340, barmode="group")
    for name, values, colour in (
        ("predicted", [one.predicted for one in rows], NOWHERE),
        ("came", [one.actual for one in rows], ACCENT),
    ):
        figure.add_bar(
            x=names,
            y=values,
            name=name,
            customdata=[one.customers for one in rows],
            marker={"color": colour},
            hovertemplate="%{y:.2f} each, %{customdata:,} customers",
        )
    figure.update_xaxes(title="purchases after the first, before the split", type="category")
    figure.update_yaxes(title="purchases after it, each", rangemode="tozero", nticks=6)
    return figure.update_layout(legend={"font": {"color": TEXT}}, hovermode="x unified")


def repeats_of(rows: Sequence[HeldOutRow]) -> list[str]:
    """The last row stands for more, too."""
    last = len(rows) - 1
    return [f"{one.repeats}{'+' if place == last else ''}" for place, one in enumerate(rows)]
