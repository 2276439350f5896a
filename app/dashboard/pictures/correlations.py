"""Which numbers go together: a square of correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.words import plainly
from app.dashboard.theme import DIVERGING, GROUND, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from stream.model.arrays import Floats

HEIGHT = 560
DARK_FROM = 0.62
"""Where a cell is so dark that its number has to be white."""


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
        hovertemplate="%{y} and %{x}: %{z:.2f}<extra></extra>",
        hoverongaps=False,
    )
    for row, column in zip(*np.nonzero(~np.isnan(shown)), strict=True):
        value = float(shown[row, column])
        figure.add_annotation(
            x=names[column],
            y=names[row + 1],
            text=f"{value:.1f}".replace("-0.0", "0.0"),
            showarrow=False,
            font={"size": 10, "color": GROUND if abs(value) > DARK_FROM else TEXT},
        )
    figure.update_xaxes(side="bottom", tickangle=-45, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def strongest(columns: Sequence[str], values: Floats, many: int = 3) -> list[str]:
    """The pairs that go together most, in words.

    >>> import numpy as np
    >>> strongest(["orders", "spend"], np.array([[1.0, 0.9], [0.9, 1.0]]))
    ['orders and spend rise together (0.9)']
    """
    pairs = [(row, column) for row in range(len(columns)) for column in range(row)]
    pairs.sort(key=lambda pair: -abs(values[pair]))
    return [
        f"{plainly(columns[column])} and {plainly(columns[row])} "
        f"{'rise together' if values[row, column] > 0 else 'go against each other'} "
        f"({values[row, column]:.1f})"
        for row, column in pairs[:many]
    ]
