"""When customers buy: hour by hour, and at the weekend against the days between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.shown import members
from app.dashboard.theme import ACCENT, QUIET_TEXT, SEGMENTS, TEXT
from app.dashboard.theme import figure as empty_figure
from insights.hours import hours_of as hours_of_slots
from insights.hours import slots_of
from stream.contracts.instant import milliseconds, offset_minutes
from stream.profile.calendar import NIGHT_BEGINS, NIGHT_ENDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown
    from insights.hours import Hours
    from stream.contracts.fast import Line
    from stream.model.arrays import Floats

WEEKEND_OF_WEEK = 2 / 7
LEAST_CUSTOMERS = 10
"""Of fewer nothing is said: a single one would make the picture."""

OTHER = SEGMENTS[2]


def hours_of(lines: Iterable[Line]) -> Hours:
    """Returns are no purchases."""
    bought = [line for line in lines if line.quantity > 0]
    at_ms = [milliseconds(line.occurred_at) for line in bought]
    offsets = [offset_minutes(line.occurred_at) for line in bought]
    known = [line.time_known for line in bought]
    return hours_of_slots(
        slots_of(np.array(at_ms, np.int64), np.array(offsets, np.int64), np.array(known, np.bool_))
    )


def by_hour(hours: Hours) -> go.Figure:
    """Purchases on an average day, hour by hour; both kinds of days, with the night shaded."""
    figure = empty_figure(340)
    kinds = (
        ("Monday to Friday", hours.workdays, hours.days[0], ACCENT, "solid"),
        ("Saturday and Sunday", hours.weekends, hours.days[1], OTHER, "dash"),
    )
    clock = [f"{hour:02}:00" for hour in range(24)]
    for name, counts, days, colour, dash in kinds:
        if not days:
            continue
        figure.add_scatter(
            x=clock,
            y=[count / days for count in counts],
            name=name,
            mode="lines",
            line={"color": colour, "width": 2.5, "shape": "spline", "dash": dash},
            hovertemplate="%{x}: %{y:.1f} purchases<extra>" + name + "</extra>",
        )
    for begin, end in ((0, NIGHT_ENDS), (NIGHT_BEGINS, 23)):
        figure.add_vrect(
            x0=begin, x1=end, fillcolor=QUIET_TEXT, opacity=0.08, line_width=0, layer="below"
        )
    figure.update_xaxes(tickvals=clock[::6], showgrid=False)
    figure.update_yaxes(title="purchases an hour", rangemode="tozero")
    return figure


def weekend_shares(
    features: Mapping[str, Floats], segments: Sequence[str | None], shown: Sequence[Shown]
) -> list[tuple[Shown, float]]:
    """What share of each segment's purchases is made at the weekend, the largest first."""
    ratio, purchases = features["weekend_ratio"], features["purchases"]
    found: list[tuple[Shown, float]] = []
    for one, there in members(shown, segments):
        total = float(purchases[there].sum())
        if total and there.sum() >= LEAST_CUSTOMERS:
            found.append((one, float(ratio[there] @ purchases[there]) / total))
    return sorted(found, key=lambda one: -one[1])


def weekend_bars(shares: Sequence[tuple[Shown, float]]) -> go.Figure:
    """Beside two days of seven, which is what chance would make of it."""
    figure = empty_figure(max(260, 34 * len(shares) + 90))
    figure.add_bar(
        x=[share for _, share in shares],
        y=[f"{one.name}  <b>{share:.0%}</b>" for one, share in shares],
        orientation="h",
        marker={"color": [one.colour for one, _ in shares]},
        hovertemplate="%{x:.1%} of purchases at the weekend<extra></extra>",
    )
    figure.add_vline(
        x=WEEKEND_OF_WEEK, line={"color": TEXT, "width": 1, "dash": "dot"}, layer="below"
    )
    figure.add_annotation(
        x=WEEKEND_OF_WEEK,
        y=1.0,
        yref="paper",
        yanchor="bottom",
        text="2 of 7 days",
        showarrow=False,
        font={"size": 11},
    )
    highest = max((share for _, share in shares), default=0.0)
    figure.update_xaxes(tickformat=".0%", range=[0, max(highest * 1.1, WEEKEND_OF_WEEK * 1.25)])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(showlegend=False, margin={"t": 24})
