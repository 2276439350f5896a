"""The tree of customers merged step by step, drawn down to some branches and cut into groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dashboard.theme import GROUND, QUIET_TEXT, TEXT
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from snapshot.clusterers.tree import Top

BRANCH_WIDTH = 2.5


@dataclass(frozen=True, slots=True)
class Hung:
    """A branch as it hangs in the picture: from its join down to the two below it."""

    xs: tuple[float, float]
    """Of the left and of the right one."""

    lows: tuple[float, float]
    height: float


@dataclass(frozen=True, slots=True)
class Group:
    """What the cut makes of a branch."""

    letter: str
    colour: str
    leaves: frozenset[int]


def tree_picture(top: Top, groups: Sequence[Group], cut: float) -> go.Figure:
    """Below the cut each group in its colour, its letter where it is cut off."""
    figure = empty_figure(340)
    places = leaf_places(top)
    leaves = below(top)
    whose = {leaf: group for group in groups for leaf in group.leaves}
    for number, hung in hung_branches(top, places).items():
        own = whose[min(leaves[number])]
        colour = own.colour if leaves[number] <= own.leaves else QUIET_TEXT
        (left, right), (low, other) = hung.xs, hung.lows
        figure.add_scatter(
            x=[left, left, right, right],
            y=[low, hung.height, hung.height, other],
            mode="lines",
            line={"color": colour, "width": BRANCH_WIDTH},
            hoverinfo="skip",
        )
    for group in groups:
        middle = sum(places[leaf] for leaf in group.leaves) / len(group.leaves)
        _letter(figure, group, middle, cut)
    figure.add_hline(y=cut, line={"color": TEXT, "width": 1, "dash": "dot"}, layer="below")
    figure.update_xaxes(visible=False)
    figure.update_yaxes(
        title="how unlike", showticklabels=False, showgrid=False, rangemode="tozero"
    )
    return figure.update_layout(showlegend=False)


def leaf_places(top: Top) -> dict[int, float]:
    """From left to right, so that no branches cross; without recursion, because a tree is deep."""
    count = len(top.members)
    waiting, order = [count + len(top.joins) - 1], []
    while waiting:
        branch = waiting.pop()
        if branch < count:
            order.append(branch)
        else:
            join = top.joins[branch - count]
            waiting += [join.right, join.left]
    return {leaf: float(place) for place, leaf in enumerate(order)}


def below(top: Top) -> list[frozenset[int]]:
    """The leaves of each branch, by its number."""
    found = [frozenset([leaf]) for leaf in range(len(top.members))]
    for join in top.joins:
        found.append(found[join.left] | found[join.right])
    return found


def hung_branches(top: Top, places: Mapping[int, float]) -> dict[int, Hung]:
    """Each join, by its number, in the middle above the two that it joins."""
    at = {leaf: (place, 0.0) for leaf, place in places.items()}
    hung: dict[int, Hung] = {}
    for number, join in enumerate(top.joins, len(top.members)):
        (left, low), (right, other) = at[join.left], at[join.right]
        hung[number] = Hung((left, right), (low, other), join.height)
        at[number] = ((left + right) / 2, join.height)
    return hung


def _letter(figure: go.Figure, group: Group, place: float, cut: float) -> None:
    figure.add_annotation(
        x=place,
        y=cut,
        text=f"<b>{group.letter}</b>",
        showarrow=False,
        font={"size": 12, "color": TEXT},
        bgcolor=GROUND,
        bordercolor=group.colour,
        borderwidth=1.5,
        borderpad=3,
    )
