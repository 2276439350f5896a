"""How the customers of each segment are spread over any number that a table has of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.boxes import QUANTILES, add_box
from app.dashboard.pictures.shown import members
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown
    from stream.model.arrays import Floats

DAY_MS = 86_400_000


def spread_boxes(
    values: Floats, segments: Sequence[str | None], shown: Sequence[Shown], *, are_days: bool
) -> go.Figure:
    """A box holds the middle half of the customers, its whiskers nine in ten."""
    figure = empty_figure(max(220, 40 * len(shown) + 60))
    for one, there in members(shown, segments):
        own = values[there & np.isfinite(values)]
        if not len(own):
            continue
        quantiles = np.quantile(own, QUANTILES) * (DAY_MS if are_days else 1)
        add_box(figure, one, quantiles.tolist())
    figure.update_xaxes(type="date" if are_days else "linear", nticks=6)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix="  ")
    return figure.update_layout(showlegend=False)


def medians(
    values: Floats, segments: Sequence[str | None], shown: Sequence[Shown]
) -> dict[str, float]:
    """By the segment's name; those of whom nothing is known are not there."""
    own = {one.name: values[there & np.isfinite(values)] for one, there in members(shown, segments)}
    return {name: float(np.median(found)) for name, found in own.items() if len(found)}
