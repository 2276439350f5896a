"""Segments within segments: customers merged step by step, and cut into any number of groups.

The part of a page that shows it, and what it shows: groups of the cut against segments as they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from app.dashboard.chart import draw
from app.dashboard.pictures.points import points_of
from app.dashboard.pictures.tree import Group, leaf_places, tree_picture
from app.dashboard.pictures.words import plainly
from app.dashboard.said import amount, dot_html
from app.dashboard.theme import colour
from snapshot.clusterers.sampling import sampled_rows
from snapshot.clusterers.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.sample import Sample
    from snapshot.clusterers.tree import Tree
    from stream.model.arrays import Floats, Ints

MOST_MERGED = 1_500
"""Customers: a tree takes the square of it."""

LEAST_K, MOST_K, BRANCHES = 2, 12, 36
COLUMNS = ("recency_days", "orders", "spend")


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """Customers of learned segments, and the tree that they make."""

    tree: Tree
    features: Mapping[str, Floats]
    segments: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.segments)


@dataclass(frozen=True, slots=True)
class Row:
    """A group of a cut."""

    group: Group
    customers: int
    share: float
    segment: str
    """The id of the segment that most of them are in, and how many of them."""

    purity: float
    medians: Mapping[str, float]


def merged(drawn: Sample, axes: Mapping[str, float], learned: Sequence[str]) -> Merged | None:
    """By columns and what each counts in. None where there are too few customers, or where they
    hardly differ."""
    segments = np.array([one or "" for one in drawn.segments], str)
    there = np.flatnonzero(np.isin(segments, list(learned)))
    rows = there[sampled_rows(len(there), MOST_MERGED)]
    features = {name: values[rows] for name, values in drawn.features.items()}
    points = points_of(features, axes, axes).values
    if len(np.unique(points, axis=0)) <= MOST_K:
        return None
    return Merged(tree_of(points), features, tuple(segments[rows].tolist()))


def rows_of(found: Merged, k: int) -> list[Row]:
    """From left to right, as they hang in the picture."""
    top = found.tree.top(min(BRANCHES, len(found)))
    places = leaf_places(top)
    labels = found.tree.cut(k)
    groups = sorted(
        {int(labels[points[0]]) for points in top.members},
        key=lambda one: min(
            places[leaf] for leaf, points in enumerate(top.members) if labels[points[0]] == one
        ),
    )
    return [
        _row(found, np.flatnonzero(labels == one), letter, _leaves(top.members, labels, one))
        for letter, one in zip(ascii_uppercase, groups, strict=False)
    ]


def table_html(rows: Sequence[Row], names: Mapping[str, str]) -> str:
    """Medians, because a group may have a whale in it."""
    heads = ("customers", *(plainly(name) for name in COLUMNS))
    head = "".join(f'<th scope="col" class="number">{escape(one)}</th>' for one in heads)
    body = "".join(_table_row(one, names) for one in rows)
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Groups of the tree">'
        '<table class="shoal compared"><thead><tr><th scope="col"></th><th scope="col">mostly</th>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


@st.fragment
def nested(key: str, found: Merged | None, names: Mapping[str, str]) -> None:
    """`names` are the learned segments', by id. Moving the slider draws this part anew, alone."""
    st.subheader("Segments within segments")
    if found is None:
        st.markdown("Too few customers differ to make a tree of them.")
        return
    st.caption(
        f"{len(found):,} customers merged step by step, the most alike first (Ward, by what the "
        "lens compares). Cut higher for fewer groups: any cut lies within the one above it."
    )
    k = st.slider("Groups", LEAST_K, MOST_K, min(max(len(names), LEAST_K), MOST_K), key=key)
    rows = rows_of(found, k)
    left, right = st.columns(2, gap="large")
    told = "; ".join(f"{one.group.letter} {one.customers:,}" for one in rows)
    with left:
        top = found.tree.top(min(BRANCHES, len(found)))
        figure = tree_picture(top, [one.group for one in rows], found.tree.between(k))
        draw(figure, f"{key}-tree", f"A tree cut into {k} groups: {told}.")
    with right:
        st.html(table_html(rows, names))
        st.caption("A colour is that of the segment that most of the group are in; medians.")


def _row(found: Merged, members: Ints, letter: str, leaves: frozenset[int]) -> Row:
    ((segment, most),) = Counter(found.segments[row] for row in members.tolist()).most_common(1)
    return Row(
        Group(letter, colour(segment), leaves),
        len(members),
        len(members) / len(found),
        segment,
        most / len(members),
        {name: float(np.median(found.features[name][members])) for name in COLUMNS},
    )


def _leaves(members: Sequence[Ints], labels: Ints, group: int) -> frozenset[int]:
    return frozenset(leaf for leaf, points in enumerate(members) if labels[points[0]] == group)


def _table_row(one: Row, names: Mapping[str, str]) -> str:
    segment = escape(names.get(one.segment, one.segment))
    cells = (
        f"{one.customers:,} ({one.share:.0%})",
        *(amount(name, value) for name, value in one.medians.items()),
    )
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return (
        f"<tr><td><b>{one.group.letter}</b></td>"
        f"<td>{dot_html(one.segment)}{segment} {one.purity:.0%}</td>{numbers}</tr>"
    )
