"""How far one customer is from each segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import NOWHERE, colour
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from app.predicting import Prediction


def distance_bars(prediction: Prediction) -> go.Figure:
    """The nearest first; only the segment that it comes to has its colour."""
    names = [one.segment.name for one in prediction.distances]
    chosen = prediction.segment.id
    figure = empty_figure(max(200, 34 * len(names) + 50))
    figure.add_bar(
        x=[one.distance for one in prediction.distances],
        y=names,
        orientation="h",
        marker={
            "color": [
                colour(one.segment.id) if one.segment.id == chosen else NOWHERE
                for one in prediction.distances
            ]
        },
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    figure.update_xaxes(title="distance", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(showlegend=False)
