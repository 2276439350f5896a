"""What customers are labelled with, segment by segment: their country, what they buy most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.shown import members
from app.dashboard.theme import GROUND, NOWHERE, SEGMENTS
from app.dashboard.theme import figure as empty_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from app.dashboard.pictures.shown import Shown

MOST_SHOWN = 6
LEAST_CUSTOMERS = 10
"""Of fewer nothing is said: a single one would make the picture."""

OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Parts:
    """A segment, and which share of its customers has each label."""

    segment: Shown
    customers: int
    """Of whom anything is known."""

    shares: Mapping[str, float]


def parts_of(
    labels: Sequence[str | None], segments: Sequence[str | None], shown: Sequence[Shown]
) -> list[Parts]:
    """By the commonest labels of all, the same for each segment; the rarer ones taken together."""
    known = [(label, segment) for label, segment in zip(labels, segments, strict=True) if label]
    common = [one for one, _ in Counter(label for label, _ in known).most_common(MOST_SHOWN)]
    named = np.array([label if label in set(common) else OTHERS for label, _ in known])
    found = []
    for one, there in members(shown, [segment for _, segment in known]):
        customers = int(there.sum())
        if one.id and customers >= LEAST_CUSTOMERS:
            own = Counter(named[there].tolist())
            names = [name for name in (*common, OTHERS) if name in own]
            found.append(Parts(one, customers, {name: own[name] / customers for name in names}))
    return found


def colours_of(found: Sequence[Parts]) -> dict[str, str]:
    """Of the labels that there are, for a legend of them."""
    names = dict.fromkeys(name for one in found for name in one.shares if name != OTHERS)
    colours = {name: SEGMENTS[place % len(SEGMENTS)] for place, name in enumerate(names)}
    has_others = any(OTHERS in one.shares for one in found)
    return colours | ({OTHERS: NOWHERE} if has_others else {})


def part_bars(found: Sequence[Parts]) -> go.Figure:
    """A bar a segment, cut into its labels; what is which stands above it, where there is room."""
    figure = empty_figure(max(200, 36 * len(found) + 50), barmode="stack")
    for name, colour in colours_of(found).items():
        shares = [one.shares.get(name, 0.0) for one in found]
        figure.add_bar(
            x=shares,
            y=[one.segment.name for one in found],
            orientation="h",
            name=name,
            marker={
                "color": colour,
                "line": {"color": GROUND, "width": 1},
            },
            hovertemplate=f"%{{x:.0%}} of %{{y}}<extra>{name}</extra>",
        )
    figure.update_xaxes(tickformat=".0%", range=[0, 1], showgrid=False, nticks=5)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix="  ")
    return figure.update_layout(showlegend=False)


def in_words(found: Sequence[Parts]) -> str:
    """The commonest label of each.

    >>> from app.dashboard.pictures.shown import Shown
    >>> in_words([Parts(Shown("a", "Loyal", "#000000"), 20, {"Norway": 0.6, "Spain": 0.4})])
    'Loyal: Norway 60%'
    """
    tops = ((one, max(one.shares.items(), key=lambda each: each[1])) for one in found)
    return "; ".join(f"{one.segment.name}: {name} {share:.0%}" for one, (name, share) in tops)
