"""What fresh segments are called before anybody has looked at their members: by the rank of their
centroids on one feature.

True for any number of segments at the moment of the fit, and no two are called the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.naming.words import bare_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.model.arrays import Floats, Ints

MONEY = "spend"


def ranking_axis(features: Sequence[str]) -> int:
    """The axis that segments are ranked by: money, or else the lens' first feature.

    >>> ranking_axis(["steady_orders_d90", "steady_spend_d90"]), ranking_axis(["night_share_d90"])
    (1, 0)
    """
    found = (axis for axis, name in enumerate(features) if bare_words(name) == MONEY)
    return next(found, 0)


def ranked(positions: Floats, axis: int) -> Ints:
    """The centroids from the highest to the lowest on that axis; ties by the other axes."""
    others = [other for other in range(positions.shape[1]) if other != axis]
    return np.lexsort([-positions[:, other] for other in reversed([axis, *others])])


def names_by_rank(count: int, feature: str) -> list[str]:
    """So many names, from the highest to the lowest.

    >>> names_by_rank(4, "spend_d90")
    ['Highest spend', '2nd highest spend', '3rd highest spend', 'Lowest spend']
    >>> names_by_rank(1, "night_share_d90")
    ['Everybody active']
    """
    if count == 1:
        return ["Everybody active"]
    word = bare_words(feature)
    between = [f"{_ordinal(rank)} highest {word}" for rank in range(2, count)]
    return [f"Highest {word}", *between, f"Lowest {word}"]


def _ordinal(number: int) -> str:
    """
    >>> [_ordinal(number) for number in (2, 3, 4, 11, 12, 13, 21, 22)]
    ['2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd']
    """
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
