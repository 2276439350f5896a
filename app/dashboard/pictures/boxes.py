"""A segment's customers as a box on its side, by quantiles that are known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def add_box(figure: go.Figure, of: Shown, quantiles: Sequence[float]) -> None:
    """At `QUANTILES`: a box holds the middle half of the customers, its whiskers nine in ten."""
    low, first, median, third, high = quantiles
    figure.add_box(
        y=[of.name],
        lowerfence=[low],
        q1=[first],
        median=[median],
        q3=[third],
        upperfence=[high],
        orientation="h",
        name=of.name,
        marker={"color": of.colour},
        line={"width": 2},
        hoverinfo="x",
        hoveron="boxes",
    )
