"""What sets segments apart: how large the difference is in each feature, and whether it is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.pictures.words import plainly
from app.dashboard.theme import ACCENT, NOWHERE, QUIET_TEXT, SEGMENTS, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from snapshot.explaining.significance import Difference

MADE_BY, SURE, CHANCE = "segments are made by it", "surely differs", "may be chance"
COLOURS = {MADE_BY: ACCENT, SURE: SEGMENTS[0], CHANCE: NOWHERE}
LABELS = {"country": "country", "preferred_category": "what they buy most"}
LEAST_SURE = 0.05


def effect_bars(found: Sequence[Difference]) -> go.Figure:
    """The largest on top, as `found` has them."""
    figure = empty_figure(max(240, 25 * len(found) + 80))
    for kind, colour in COLOURS.items():
        own = [one for one in found if kind_of(one) == kind]
        if not own:
            continue
        figure.add_bar(
            x=[one.effect for one in own],
            y=[called(one.feature) for one in own],
            orientation="h",
            name=kind,
            marker={"color": colour},
            customdata=[[str(one.method), sure(one.p)] for one in own],
            text=[f"{one.effect:.2f}" for one in own],
            textposition="outside",
            textfont={"color": TEXT},
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.2f}, %{customdata[0]}, %{customdata[1]}<extra></extra>",
        )
    order = [called(one.feature) for one in found]
    most = max((one.effect for one in found), default=1.0)
    figure.update_xaxes(visible=False, range=[0, 1.15 * max(most, 0.05)])
    figure.update_yaxes(
        categoryorder="array", categoryarray=order[::-1], showgrid=False, ticksuffix="  "
    )
    return figure.update_layout(legend={"font": {"color": QUIET_TEXT}})


def kind_of(one: Difference) -> str:
    if one.in_fit:
        return MADE_BY
    return SURE if one.p < LEAST_SURE else CHANCE


def called(feature: str) -> str:
    return LABELS.get(feature) or plainly(feature)


def sure(p: float) -> str:
    """
    >>> sure(0.2), sure(0.0004)
    ('p = 0.20', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.2f}" if p >= 0.01 else f"p = {p:.3f}"
