"""Which numbers go together: a square of correlations."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.words import plainly
from app.dashboard.theme import DIVERGING
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from stream.model.arrays import Floats

HEIGHT = 560


def correlation_square(columns: Sequence[str], values: Floats) -> go.Figure:
    """Below the diagonal only: the rest would say it again."""
    shown = np.where(np.tri(len(columns), k=-1, dtype=bool), values, np.nan)[1:, :-1]
    names = [plainly(column) for column in columns]
    figure = empty_figure(HEIGHT)
    figure.add_heatmap(
        z=shown,
        x=names[:-1],
        y=names[1:],
        zmin=-1,
        zmax=1,
        colorscale=DIVERGING,
        xgap=2,
        ygap=2,
        showscale=False,
        text=[[_told(value) for value in row] for row in shown.tolist()],
        texttemplate="%{text}",
        textfont={"size": 10},
        hovertemplate="%{y} and %{x}: %{z:.2f}<extra></extra>",
        hoverongaps=False,
    )
    figure.update_xaxes(side="bottom", tickangle=-45, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _told(value: float) -> str:
    """
    >>> _told(-0.04), _told(float("nan"))
    ('0.0', '')
    """
    return "" if isnan(value) else f"{value:.1f}".replace("-0.0", "0.0")
