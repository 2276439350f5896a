"""What a segment is called that no archetype fits: what it has most more or less of than others."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from snapshot.naming.aspects import Aspect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from snapshot.explaining.profiles import SegmentProfile

SPAN = re.compile(r"_[dw]\d+$")

MORE_OR_LESS: dict[Aspect, tuple[str, str]] = {
    Aspect.ORDERS: ("Many Orders", "Few Orders"),
    Aspect.MONEY: ("High Spend", "Low Spend"),
    Aspect.SILENCE: ("Long Silent", "Lately Seen"),
    Aspect.TENURE: ("Long Known", "Known Since Lately"),
    Aspect.ORDER_VALUE: ("Large Orders", "Small Orders"),
    Aspect.NIGHT: ("Night Orders", "Day Orders"),
    Aspect.WEEKEND: ("Weekend Orders", "Weekday Orders"),
    Aspect.DISCOUNT: ("Often at a Discount", "Seldom at a Discount"),
    Aspect.RETURNS: ("Many Returns", "Few Returns"),
}

HARDLY = 0.25
"""An effect under which a segment is as everybody."""


def plain_name(
    profile: SegmentProfile,
    aspects: Mapping[Aspect, str],
    axes: Sequence[str],
    taken: Collection[str],
) -> str:
    """A name that nobody has: of one feature, else of two, else with the segment's number."""
    candidates = _candidates(profile, aspects, axes)
    for name in candidates:
        if name.casefold() not in taken:
            return name
    number = profile.segment_id.rpartition("-")[2]
    base = f"{candidates[0]} {number}"
    while base.casefold() in taken:
        base += "'"
    return base


def _candidates(
    profile: SegmentProfile, aspects: Mapping[Aspect, str], axes: Sequence[str]
) -> list[str]:
    named = {
        column: MORE_OR_LESS[aspect] for aspect, column in aspects.items() if aspect in MORE_OR_LESS
    }
    words = list(_words(profile, named, axes))
    pairs = [f"{one}, {other}" for one, other in combinations(words[:4], 2)]
    return [*words, *pairs] or ["Average"]


def _words(
    profile: SegmentProfile, named: Mapping[str, tuple[str, str]], axes: Sequence[str]
) -> Iterator[str]:
    """Strongest first; the lens' own features before what else is known."""
    columns = list(dict.fromkeys([*axes, *named]))
    columns.sort(key=lambda column: -abs(profile.effect(column)))
    for column in columns:
        effect = profile.effect(column)
        if abs(effect) >= HARDLY:
            more, less = named.get(column) or _high_or_low(column)
            yield more if effect > 0 else less


def _high_or_low(column: str) -> tuple[str, str]:
    """
    >>> _high_or_low("distinct_products")
    ('High Distinct Products', 'Low Distinct Products')
    """
    words = SPAN.sub("", column).replace("_", " ").title()
    return f"High {words}"[:200], f"Low {words}"[:200]
