"""When in the year customers buy: the share of their purchases that falls into each month."""

from __future__ import annotations

from calendar import month_abbr, month_name
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.shown import members
from app.dashboard.theme import SEQUENTIAL
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from app.dashboard.pictures.shown import Shown
    from stream.model.arrays import Floats

MONTHS = tuple(month_abbr[1:])
NAMES = tuple(month_name[1:])
LEAST_CUSTOMERS = 10
"""Of fewer nothing is said: a single one would make the picture."""

SHOWN_FROM = 0.005
"""What would be a 0 stands nowhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Whose, in which colour, and twelve shares that add up to 1."""

    name: str
    colour: str
    shares: Floats


def month_shares(features: Mapping[str, Floats], there: NDArray[np.bool_]) -> Floats | None:
    """Of these customers' purchases together; None where there are too few to say."""
    purchases = features["purchases"][there]
    total = float(purchases.sum())
    if there.sum() < LEAST_CUSTOMERS or not total:
        return None
    months = (features[f"month_{month:02}_share"][there] for month in range(1, 13))
    return np.array([float(share @ purchases) for share in months]) / total


def rhythms(
    features: Mapping[str, Floats], segments: Sequence[str | None], shown: Sequence[Shown]
) -> list[Rhythm]:
    """Of each segment that is large enough to have one."""
    found = [
        (one, month_shares(features, there)) for one, there in members(shown, segments) if one.id
    ]
    return [Rhythm(one.name, one.colour, shares) for one, shares in found if shares is not None]


def year_lines(found: Sequence[Rhythm]) -> go.Figure:
    """Few of them, upon each other."""
    figure = empty_figure(260, hovermode="x unified")
    lived = np.any([one.shares > 0 for one in found], axis=0)  # the others are still to come
    for one, dash in zip(found, ("dot", "solid"), strict=False):
        figure.add_scatter(
            x=MONTHS,
            y=np.where(lived, one.shares, np.nan),
            name=one.name,
            mode="lines+markers",
            line={"color": one.colour, "width": 2.5, "dash": dash},
            marker={"size": 6},
            hovertemplate="%{y:.0%}",
        )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=5, title="of purchases")
    figure.update_xaxes(showgrid=False, tickangle=0, tickvals=MONTHS[::2])
    return figure


def year_squares(found: Sequence[Rhythm]) -> go.Figure:
    """A row a segment, a column a month."""
    values = np.array([one.shares for one in found])
    most = float(values.max(initial=0.01))
    figure = empty_figure(max(240, 36 * len(found) + 60))
    figure.add_heatmap(
        z=np.where(values > 0, values, np.nan),
        x=list(range(12)),
        y=[one.name for one in found],
        zmin=0,
        zmax=most,
        colorscale=SEQUENTIAL,
        xgap=2,
        ygap=2,
        showscale=False,
        text=[
            [f"{100 * value:.0f}" if value >= SHOWN_FROM else "" for value in row] for row in values
        ],
        texttemplate="%{text}",
        textfont={"size": 11},
        customdata=[NAMES] * len(found),
        hovertemplate="%{z:.0%} of the purchases of %{y} in %{customdata}<extra></extra>",
        hoverongaps=False,
    )
    letters = [name[0] for name in MONTHS]  # there is no room for more on a telephone
    figure.update_xaxes(side="top", showgrid=False, tickvals=list(range(12)), ticktext=letters)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def strongest_month(shares: Floats) -> str:
    """
    >>> strongest_month(np.array([0.1] * 9 + [0.0, 0.0, 0.1]))
    'January (10%)'
    """
    month = int(np.argmax(shares))
    return f"{NAMES[month]} ({shares[month]:.0%})"
