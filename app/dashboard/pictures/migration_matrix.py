"""Who went where between two instants: a row a segment then, a column a segment later."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.theme import GROUND, SEQUENTIAL, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from stream.model.arrays import Floats, Ints

DARK_FROM = 0.55


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Customers from each row to each column."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Ints

    @property
    def shares(self) -> Floats:
        """Of each row's customers."""
        totals = self.counts.sum(axis=1, keepdims=True)
        shares: Floats = self.counts / np.maximum(totals, 1)
        return shares

    @property
    def moved(self) -> int:
        """Everybody who is in another row than column."""
        same = [row == column for row in self.rows for column in self.columns]
        return int(self.counts[~np.array(same, np.bool_).reshape(self.counts.shape)].sum())


def matrix_of(counts: Mapping[tuple[str, str], int], order: Sequence[str]) -> Matrix:
    """Segments of either instant in this order, both ways; what is not named there comes behind.

    >>> matrix_of({("Loyal", "Dormant"): 1, ("new", "Loyal"): 2}, ["Dormant", "Loyal"]).rows
    ('Dormant', 'Loyal', 'new')
    """
    place = {name: number for number, name in enumerate(order)}

    def of(side: int) -> set[str]:
        return {ends[side] for ends in counts}

    def ranked(names: set[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=lambda name: (place.get(name, len(place)), name)))

    named = (of(0) | of(1)) & place.keys()
    rows, columns = ranked(named | of(0)), ranked(named | of(1))
    cells = [[counts.get((row, column), 0) for column in columns] for row in rows]
    return Matrix(rows, columns, np.array(cells, np.int64).reshape(len(rows), len(columns)))


def matrix_picture(matrix: Matrix) -> go.Figure:
    """Cells by their share of the row, because segments are of all sizes.

    Columns have letters only, so that it fits a telephone; the rows say what these stand for.
    """
    letters = _letters(matrix)
    columns = [letters.get(name, name) for name in matrix.columns]
    rows = [f"{name}  <b>{letters[name]}</b>" if name in letters else name for name in matrix.rows]
    shares = matrix.shares
    figure = empty_figure(max(320, 38 * len(rows) + 60))
    figure.add_heatmap(
        z=np.where(matrix.counts > 0, shares, np.nan),
        x=columns,
        y=rows,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xgap=2,
        ygap=2,
        showscale=False,
        text=[[f"from {row} to {column}" for column in matrix.columns] for row in matrix.rows],
        customdata=matrix.counts,
        hovertemplate="%{customdata:,} %{text}, %{z:.0%} of the row<extra></extra>",
        hoverongaps=False,
    )
    for row, column in zip(*np.nonzero(matrix.counts), strict=True):
        figure.add_annotation(
            x=columns[column],
            y=rows[row],
            text=f"{matrix.counts[row, column]:,}",
            showarrow=False,
            font={"size": 12, "color": GROUND if shares[row, column] > DARK_FROM else TEXT},
        )
    figure.update_xaxes(side="top", tickangle=0, showgrid=False, type="category")
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure


def _letters(matrix: Matrix) -> dict[str, str]:
    """Of the segments that are both rows and columns: A, B … Z, A1 …"""
    both = [name for name in matrix.rows if name in matrix.columns]
    turns = ((place // 26, ascii_uppercase[place % 26]) for place in range(len(both)))
    return {name: f"{letter}{turn or ''}" for name, (turn, letter) in zip(both, turns, strict=True)}
