"""All customers in one plane, and as recency, frequency and money in space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.shown import members
from app.dashboard.theme import GROUND, LINE, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown
    from insights.points import Plane
    from stream.model.arrays import Floats

HEIGHT = 460
NAME_SIZE = np.array([0.27, 0.085])
"""Of the picture's width and height."""

LEAST_NAMED = 0.02
"""The share of customers from which on a segment's name stands in the plane."""


def customer_map(
    plane: Plane,
    segments: Sequence[str | None],
    shown: Sequence[Shown],
    *,
    with_names: bool = True,
) -> go.Figure:
    """A point a customer, in the colour of the segment, whose name stands in its middle unless
    names are so long that they'd lie on each other."""
    figure = empty_figure(HEIGHT)
    for one, there in members(shown, segments):
        places = plane.places[there]
        figure.add_scattergl(
            x=places[:, 0],
            y=places[:, 1],
            mode="markers",
            name=one.name,
            marker={"size": 5, "color": one.colour, "opacity": 0.55},
            hovertemplate=f"{one.name}<extra></extra>",
        )
    named = [
        (one, np.median(plane.places[there], axis=0))
        for one, there in members(shown, segments)
        if with_names and one.id and there.mean() >= LEAST_NAMED
    ]
    for (one, _), place in zip(named, _apart([middle for _, middle in named], plane), strict=True):
        _name(figure, one, place)
    for axis, direction in (("xaxis", 0), ("yaxis", 1)):
        share = f"{plane.shares[direction]:.0%} of all differences"
        figure.update_layout({axis: {"title": share, "showticklabels": False, "zeroline": False}})
    return figure.update_layout(showlegend=False)


def rfm_space(
    features: Mapping[str, Floats], segments: Sequence[str | None], shown: Sequence[Shown]
) -> go.Figure:
    """Recency, frequency and money, which are the three oldest questions about a customer."""
    figure = empty_figure(HEIGHT)
    recency, orders, spend = (features[name] for name in ("recency_days", "orders", "spend"))
    for one, there in members(shown, segments):
        figure.add_scatter3d(
            x=recency[there],
            y=np.maximum(orders[there], 1.0),
            z=np.maximum(spend[there], 1.0),
            mode="markers",
            name=one.name,
            marker={"size": 2.5, "color": one.colour, "opacity": 0.7},
            hovertemplate=f"{one.name}<br>%{{x:.0f}} days ago<br>%{{y:.0f}} orders<br>"
            "%{z:,.0f} spent<extra></extra>",
        )
    scene = {
        "xaxis": _axis("days since last order") | {"autorange": "reversed"},
        "yaxis": _axis("orders") | {"type": "log", "dtick": 1},
        "zaxis": _axis("spend") | {"type": "log", "dtick": 1},
        "camera": {"eye": {"x": -1.55, "y": -1.65, "z": 0.75}, "center": {"z": -0.12}},
        "aspectmode": "cube",
    }
    return figure.update_layout(
        scene=scene,
        showlegend=False,
    )


def _axis(title: str) -> dict[str, object]:
    return {
        "title": {"text": title, "font": {"size": 12}},
        "tickfont": {"size": 11},
        "nticks": 5,
        "backgroundcolor": GROUND,
        "gridcolor": LINE,
    }


def _apart(middles: Sequence[Floats], plane: Plane) -> list[Floats]:
    """Names moved up until none lies on another, the lowest first."""
    width, height = np.ptp(plane.places, axis=0) * NAME_SIZE
    placed: list[Floats] = []
    for number in sorted(range(len(middles)), key=lambda one: float(middles[one][1])):
        place = middles[number].copy()
        while any(
            abs(place[0] - other[0]) < width and abs(place[1] - other[1]) < height
            for other in placed
        ):
            place[1] += height / 4
        placed.append(place)
    order = sorted(range(len(middles)), key=lambda one: float(middles[one][1]))
    return [placed[order.index(number)] for number in range(len(middles))]


def _name(figure: go.Figure, one: Shown, middle: Floats) -> None:
    figure.add_annotation(
        x=float(middle[0]),
        y=float(middle[1]),
        text=f"<b>{one.name}</b>",
        showarrow=False,
        font={"size": 12, "color": TEXT},
        bgcolor="rgba(255,255,255,0.85)",
        bordercolor=one.colour,
        borderwidth=1.5,
        borderpad=3,
    )
