"""Who went where between two instants: a Sankey diagram of those who changed segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.theme import colour, faded, figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import plotly.graph_objects as go

    from app.queries.migrations import Move

LINK_OPACITY = 0.38
NEW, GONE = "New customers", "Gone"


def flow_diagram(moves: Sequence[Move], names: Mapping[str, str]) -> go.Figure:
    """Before on the left, after on the right; those who stayed are left out."""
    went = [one for one in moves if one.previous != one.current]
    lefts = _by_size((one.previous, one.customers) for one in went)
    rights = _by_size((one.current, one.customers) for one in went)
    places = {("left", one): place for place, one in enumerate(lefts)}
    places |= {("right", one): len(lefts) + place for place, one in enumerate(rights)}
    drawn = figure(height_of(len(lefts), len(rights)))
    drawn.add_sankey(
        arrangement="fixed",
        node={
            "label": [_named(one, names, NEW) for one in lefts]
            + [_named(one, names, GONE) for one in rights],
            "color": [colour(one) for one in (*lefts, *rights)],
            "pad": 14,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{label}: %{value:,}<extra></extra>",
        },
        link={
            "source": [places["left", one.previous] for one in went],
            "target": [places["right", one.current] for one in went],
            "value": [one.customers for one in went],
            "color": [faded(colour(one.previous), LINK_OPACITY) for one in went],
            "hovertemplate": "%{value:,} from %{source.label} to %{target.label}<extra></extra>",
        },
    )
    return drawn


def height_of(lefts: int, rights: int) -> int:
    return min(460, 120 + 38 * max(lefts, rights))


def flows_in_words(moves: Sequence[Move], names: Mapping[str, str], most: int = 5) -> str:
    """The widest flows, for those who don't see them.

    >>> from app.queries.migrations import Move
    >>> flows_in_words([Move("a", "a", 9), Move(None, "a", 2)], {"a": "Loyal"})
    '2 from New customers to Loyal'
    """
    went = [one for one in moves if one.previous != one.current][:most]
    return "; ".join(
        f"{one.customers:,} from {_named(one.previous, names, NEW)} "
        f"to {_named(one.current, names, GONE)}"
        for one in went
    )


def _by_size(ends: Iterable[tuple[str | None, int]]) -> list[str | None]:
    sums: dict[str | None, int] = {}
    for segment, customers in ends:
        sums[segment] = sums.get(segment, 0) + customers
    return sorted(sums, key=lambda one: -sums[one])


def _named(segment: str | None, names: Mapping[str, str], otherwise: str) -> str:
    return otherwise if segment is None else names.get(segment, segment)
