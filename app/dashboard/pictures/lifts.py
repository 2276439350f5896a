"""What an experiment found: each difference with the interval that holds it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from app.dashboard.theme import ACCENT, NOWHERE, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from app.experimenting.reading import Result
    from insights.experiments.reading import Lift

ROW_PIXELS = 40


def lift_picture(result: Result) -> go.Figure:
    """Everybody on top; what lies clear of the line is sure. Of too few nothing is drawn."""
    names = {one.id: one.name for one in result.segments}
    share = result.outcome == "bought"
    times = 100.0 if share else 1.0
    found = [one for one in result.reading.lifts if isfinite(one.low)]
    figure = empty_figure(ROW_PIXELS * max(len(found), 2) + 80)
    for name, is_sure, colour in (("sure", True, ACCENT), ("may be chance", False, NOWHERE)):
        own = [one for one in found if one.is_sure is is_sure]
        if not own:
            continue
        figure.add_scatter(
            x=[times * one.lift for one in own],
            y=[_row(one, names, len(result.plan.arms)) for one in own],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [times * (one.high - one.lift) for one in own],
                "arrayminus": [times * (one.lift - one.low) for one in own],
                "color": colour,
                "thickness": 2.5,
                "width": 6,
            },
            mode="markers",
            name=name,
            marker={"size": 11, "color": colour},
            hovertemplate="%{y}: %{x:+,.2f}<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": TEXT, "width": 1})
    order = [_row(one, names, len(result.plan.arms)) for one in found]
    figure.update_xaxes(title="points" if share else result.outcome, tickformat="+", nticks=6)
    figure.update_layout(showlegend=True)
    figure.update_yaxes(
        categoryorder="array", categoryarray=order[::-1], ticksuffix="  ", type="category"
    )
    return figure


def _row(lift: Lift, names: dict[str, str], arms: int) -> str:
    whose = "everybody" if lift.segment is None else names.get(lift.segment, lift.segment)
    return whose if arms == 2 else f"{whose}, {lift.arm}"
