"""What segments do, as shapes over each other; each axis ends at the segment with the most."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from app.dashboard.pictures.words import plainly
from app.dashboard.said import amount
from app.dashboard.theme import LINE, QUIET_TEXT, faded, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    Means = Mapping[str, float]

LINE_LETTERS = 11
AXES = (
    "orders_decayed",
    "spend_decayed",
    "average_order_value",
    "basket_size",
    "distinct_products",
    "recency_days",
    "interpurchase_days",
    "night_ratio",
    "weekend_ratio",
    "discount_ratio",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Whose, in which colour, and its means."""

    name: str
    colour: str
    means: Means


def radar(shapes: Sequence[Shape], segments: Sequence[Means]) -> go.Figure:
    """`segments` are all the learned ones' means: what is most among them ends an axis."""
    axes = [one for one in AXES if _most(one, segments) > 0]
    drawn = figure(440)
    for shape in shapes:
        values = [shape.means[one] / _most(one, [*segments, shape.means]) for one in axes]
        drawn.add_scatterpolar(
            r=[*values, values[0]],
            theta=[_in_lines(one) for one in (*axes, axes[0])],
            customdata=[amount(one, shape.means[one]) for one in (*axes, axes[0])],
            name=shape.name,
            fill="toself",
            fillcolor=faded(shape.colour, 0.14),
            line={"color": shape.colour, "width": 2.5},
            marker={"size": 6},
            mode="lines+markers",
            hovertemplate="%{theta}: %{customdata}<extra>" + shape.name + "</extra>",
        )
    drawn.update_layout(
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": {
                "range": [0, 1.02],
                "showticklabels": False,
                "ticks": "",
                "showline": False,
                "gridcolor": LINE,
            },
            "angularaxis": {
                "gridcolor": LINE,
                "linecolor": LINE,
                "tickfont": {"size": 13, "color": QUIET_TEXT},
                "direction": "clockwise",
            },
        },
        margin={"l": 75, "r": 75, "t": 46, "b": 76},  # two lines above and below, and the legend
        legend={"y": -0.18, "yanchor": "top", "x": 0.5, "xanchor": "center"},
    )
    return drawn


def _in_lines(feature: str) -> str:
    """Beside a circle there is little room, on a telephone least."""
    return "<br>".join(wrap(plainly(feature), LINE_LETTERS))


def _most(feature: str, segments: Sequence[Means]) -> float:
    return max((one[feature] for one in segments), default=0.0)
