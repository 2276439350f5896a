"""Where the money comes from: what an order brings, and what each segment has brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.boxes import QUANTILES, add_box
from app.dashboard.pictures.shown import members
from app.dashboard.theme import NOWHERE
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown
    from stream.model.arrays import Floats

LEAST_CUSTOMERS = 10
"""Of fewer there is no middle half to speak of."""


@dataclass(frozen=True, slots=True)
class OrderValues:
    """How a segment's customers differ in what an order of theirs brings."""

    segment: Shown
    customers: int
    quantiles: tuple[float, ...]
    """At `QUANTILES`."""


@dataclass(frozen=True, slots=True)
class Revenue:
    """What a segment is, and what it has brought."""

    segment: Shown
    customers: int
    money: float


def order_values(
    features: Mapping[str, Floats], segments: Sequence[str | None], shown: Sequence[Shown]
) -> list[OrderValues]:
    """Of customers who have an order that brought something, the dearest segment first."""
    values = features["average_order_value"]
    found: list[OrderValues] = []
    for one, there in members(shown, segments):
        own = values[there & (values > 0)]
        if len(own) >= LEAST_CUSTOMERS:
            quantiles = tuple(np.quantile(own, QUANTILES).tolist())
            found.append(OrderValues(one, len(own), quantiles))
    return sorted(found, key=lambda one: -one.quantiles[2])


def order_value_boxes(found: Sequence[OrderValues]) -> go.Figure:
    """A box holds the middle half of the customers, its whiskers nine in ten."""
    figure = empty_figure(max(260, 40 * len(found) + 90))
    for one in found:
        add_box(figure, one.segment, one.quantiles)
    figure.update_xaxes(type="log", title="money an order", dtick="D2" if _is_narrow(found) else 1)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(showlegend=False)


def revenue_bars(found: Sequence[Revenue]) -> go.Figure:
    """Each segment's share of the money beside its share of the customers."""
    customers = sum(one.customers for one in found) or 1
    money = sum(one.money for one in found) or 1.0
    names = [one.segment.name for one in found]
    figure = empty_figure(max(300, 48 * len(found) + 90))
    figure.add_bar(
        y=names,
        x=[one.customers / customers for one in found],
        orientation="h",
        name="share of customers",
        marker={"color": NOWHERE},
        customdata=[one.customers for one in found],
        hovertemplate="%{y}: %{customdata:,} customers, %{x:.1%}<extra></extra>",
    )
    figure.add_bar(
        y=names,
        x=[one.money / money for one in found],
        orientation="h",
        name="share of revenue",
        marker={"color": [one.segment.colour for one in found]},
        customdata=[one.money for one in found],
        hovertemplate="%{y}: %{customdata:,.0f}, %{x:.1%} of all<extra></extra>",
    )
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(barmode="group", bargap=0.3, showlegend=False)


def _is_narrow(found: Sequence[OrderValues]) -> bool:
    """Whether all of it lies within one power of ten or so, where 1, 10, 100 mark too little."""
    ends = [value for one in found for value in (one.quantiles[0], one.quantiles[-1])]
    return bool(ends) and max(ends) < 100 * max(min(ends), 1e-9)
