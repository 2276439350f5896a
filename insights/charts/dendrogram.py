"""The tree of a hierarchical clustering, cut where the segments are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.axes import BOTTOM, LEFT, frame
from insights.charts.chart import Chart
from insights.charts.colours import FAINT, colour_of
from insights.charts.scales import Format, span_of, ticks
from insights.charts.svg import element, shortened, text, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insights.charts.axes import Frame

MOST_LABELS = 40


@dataclass(frozen=True, slots=True)
class Merge:
    """Two branches that join; leaves are numbered from 0, and each merge goes on counting."""

    left: int
    right: int
    height: float


def dendrogram(
    title: str,
    leaves: Sequence[str],
    merges: Sequence[Merge],
    *,
    cut: float | None = None,
    y_label: str = "distance",
    width: int = 640,
    height: int = 320,
    description: str = "",
) -> Chart:
    """`cut` is the height of a dashed line; branches below it have a colour each.

    Rows of a linkage matrix are merges: `Merge(int(row[0]), int(row[1]), row[2])`.
    """
    order = _order(len(leaves), merges)
    place = frame(
        (-0.5, max(len(leaves), 1) - 0.5),
        span_of([merge.height for merge in merges], zero=True),
        width,
        height,
    )
    at = {leaf: (float(spot), 0.0) for spot, leaf in enumerate(order)}
    colours = _colours(len(leaves), merges, order, cut)
    parts = [_heights(place, y_label)]
    for number, merge in enumerate(merges):
        branch = len(leaves) + number
        parts.append(_branch(place, at, merge, colours.get(branch)))
        at[branch] = ((at[merge.left][0] + at[merge.right][0]) / 2, merge.height)
    if cut is not None:
        parts.append(_cut(place, cut))
    if len(leaves) <= MOST_LABELS:
        parts += [_leaf(place, leaves[leaf], spot) for spot, leaf in enumerate(order)]
    said = description or f"{len(leaves):,} leaves joined in {len(merges):,} steps."
    return Chart(
        title, said, width, height + (30 if len(leaves) <= MOST_LABELS else 0), "".join(parts)
    )


def _order(leaves: int, merges: Sequence[Merge]) -> list[int]:
    """Leaves from left to right, so that no branches cross; without recursion, a tree is deep."""
    joined = {each for merge in merges for each in (merge.left, merge.right)}
    waiting = [branch for branch in reversed(range(leaves + len(merges))) if branch not in joined]
    waiting.reverse()
    order = []
    while waiting:
        branch = waiting.pop()
        if branch < leaves:
            order.append(branch)
        else:
            merge = merges[branch - leaves]
            waiting += [merge.right, merge.left]
    return order


def _colours(
    leaves: int, merges: Sequence[Merge], order: Sequence[int], cut: float | None
) -> Mapping[int, str]:
    """Each tree below the cut its own, from left to right."""
    if cut is None:
        return {}
    roots: dict[int, int] = {}
    for number in reversed(range(len(merges))):
        merge, branch = merges[number], leaves + number
        if merge.height <= cut:
            root = roots.setdefault(branch, branch)
            roots[merge.left] = roots[merge.right] = root
    shown = list(dict.fromkeys(roots[leaf] for leaf in order if leaf in roots))
    return {
        branch: colour_of(shown.index(root)) for branch, root in roots.items() if branch >= leaves
    }


def _branch(
    place: Frame, at: Mapping[int, tuple[float, float]], merge: Merge, colour: str | None
) -> str:
    (left, low), (right, other) = at[merge.left], at[merge.right]
    top = place.y(merge.height)
    path = (
        f"M{place.x(left):.1f} {place.y(low):.1f}V{top:.1f}H{place.x(right):.1f}"
        f"V{place.y(other):.1f}"
    )
    return element(
        "path",
        told(Format.NUMBER.of(merge.height)),
        d=path,
        fill="none",
        stroke=colour or "currentColor",
        stroke_opacity=None if colour else 0.6,
        stroke_width=1.5,
    )


def _heights(place: Frame, y_label: str) -> str:
    parts = []
    for value in ticks(place.y.low, place.y.high):
        y = place.y(value)
        line = {"stroke": "currentColor", "stroke_opacity": FAINT}
        parts.append(element("line", x1=place.x.start, x2=place.x.end, y1=y, y2=y, **line))
        words = Format.NUMBER.of(value)
        parts.append(text(words, LEFT - 6, y + 4, text_anchor="end", font_size=11))
    at = (place.height - BOTTOM) / 2
    turned = f"rotate(-90 12 {at:.0f})"
    parts.append(text(y_label, 12, at, text_anchor="middle", opacity=0.75, transform=turned))
    return "".join(parts)


def _cut(place: Frame, cut: float) -> str:
    y = place.y(cut)
    dashes = {"stroke": "currentColor", "stroke_dasharray": "4 3", "stroke_opacity": 0.7}
    return element("line", x1=place.x.start, x2=place.x.end, y1=y, y2=y, **dashes)


def _leaf(place: Frame, label: str, spot: int) -> str:
    x, y = place.x(spot), place.y.start + 10
    turned = f"rotate(-45 {x:.1f} {y:.1f})"
    words = shortened(label, 84, 10)
    return text(words, x, y, font_size=10, text_anchor="end", transform=turned)
