"""How sure it is that two groups of customers differ in a feature, and how often it shows.

Apart from the test of all segments at once: of two groups there is a plainer effect, which doesn't
shrink when one of them is small. It is how often one of the first has more than one of the second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.explaining.significance import holm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.model.arrays import Floats

LEAST = 5
"""Customers in a group, below which nothing is sure."""

SURE = 0.05
BOUNDS = ((0.21, "large"), (0.14, "medium"), (0.06, "small"))
"""Vargha and Delaney's (2000): how far from one half."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """Two groups in one feature."""

    feature: str
    p: float
    """Of the rank-sum test, corrected by Holm's way for all features that were tested."""

    more: float
    """How often one of the first has more than one of the second; ties count half."""

    @property
    def size(self) -> str:
        """In a word.

        >>> Unlike("spend", 0.001, 0.9).size, Unlike("spend", 0.001, 0.52).size
        ('large', 'slight')
        >>> Unlike("spend", 0.3, 0.9).size
        'may be chance'
        """
        if self.p >= SURE:
            return "may be chance"
        away = abs(self.more - 0.5)
        return next((word for bound, word in BOUNDS if away >= bound), "slight")


def unlike(one: Mapping[str, Floats], other: Mapping[str, Floats]) -> dict[str, Unlike]:
    """By feature; those in which nobody differs, and all of groups too small to tell, are not
    there."""
    from scipy.stats import mannwhitneyu

    found: list[Unlike] = []
    for feature, first in one.items():
        second = other[feature]
        if min(len(first), len(second)) < LEAST:
            return {}
        if np.ptp(np.concatenate([first, second])) > 0:
            tested = mannwhitneyu(first, second, method="asymptotic")
            more = float(tested.statistic) / (len(first) * len(second))
            found.append(Unlike(feature, float(tested.pvalue), more))
    corrected = holm([each.p for each in found])
    return {each.feature: replace(each, p=p) for each, p in zip(found, corrected, strict=True)}
