"""One customer's way through the segments, each a band for as long as it lasted; and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.pictures.words import number
from app.dashboard.said import because, minute
from app.dashboard.theme import ACCENT, GROUND, NOWHERE, colour, figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import plotly.graph_objects as go

    from app.predicting import Because
    from app.queries.views import ChangeView

ROW_PIXELS = 34


def story(changes: Sequence[ChangeView], until: datetime) -> go.Figure:
    """The oldest first. A row a segment, in the order in which the customer came to them."""
    names = list(dict.fromkeys(one.current.name for one in changes if one.current))
    drawn = figure(ROW_PIXELS * len(names) + 60, showlegend=False)
    ends = [one.occurred_at for one in changes[1:]] + [until]
    for change, end in zip(changes, ends, strict=True):
        if change.current is None:
            continue
        begun = change.occurred_at
        drawn.add_bar(
            x=[max((end - begun).total_seconds(), 1.0) * 1000],
            base=[begun],
            y=[change.current.name],
            orientation="h",
            marker={"color": colour(change.current.id), "line": {"color": GROUND, "width": 1}},
            hovertext=f"{change.current.name} from {minute(begun)}<br>{because(change)}",
            hoverinfo="text",
        )
    drawn.update_xaxes(type="date")
    drawn.update_yaxes(categoryorder="array", categoryarray=names[::-1], ticksuffix="  ")
    drawn.update_layout(barmode="overlay", bargap=0.45)
    return drawn


def reason_bars(reasons: Sequence[Because], names: Sequence[str]) -> go.Figure:
    """What speaks for the segment, and what against, as parts of the whole difference."""
    ordered = list(zip(reasons, names, strict=True))[::-1]
    drawn = figure(ROW_PIXELS * len(ordered) + 24, showlegend=False)
    drawn.add_bar(
        x=[reason.contribution for reason, _ in ordered],
        y=[name for _, name in ordered],
        orientation="h",
        marker={"color": [ACCENT if one.contribution > 0 else NOWHERE for one, _ in ordered]},
        text=[number(reason.contribution, "share") for reason, _ in ordered],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    most = max((abs(one.contribution) for one, _ in ordered), default=1.0)
    least = min((one.contribution for one, _ in ordered), default=0.0)
    drawn.update_xaxes(visible=False, range=[1.3 * min(least, 0.0), 1.25 * most])
    drawn.update_yaxes(showgrid=False, ticksuffix="  ")
    return drawn
