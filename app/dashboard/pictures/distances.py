"""How far one customer is from each learned segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import NOWHERE, colour, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from app.predicting import Distance

ROW_PIXELS = 34


def distance_bars(distances: Sequence[Distance], chosen: str | None = None) -> go.Figure:
    """The nearest on top. Where a segment is chosen, by its id, only that has its colour."""
    ordered = distances[::-1]
    drawn = figure(ROW_PIXELS * len(ordered) + 24, showlegend=False)
    drawn.add_bar(
        x=[one.distance for one in ordered],
        y=[one.segment.name for one in ordered],
        orientation="h",
        marker={"color": [_colour(one.segment.id, chosen) for one in ordered]},
        text=[f"{one.distance:.2f}" for one in ordered],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x:.2f} from %{y}<extra></extra>",
    )
    drawn.update_xaxes(visible=False, range=[0, max(one.distance for one in ordered) * 1.2])
    drawn.update_yaxes(showgrid=False, ticksuffix="  ")
    return drawn


def _colour(segment_id: str, chosen: str | None) -> str:
    return colour(segment_id) if chosen in {None, segment_id} else NOWHERE
