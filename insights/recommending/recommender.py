"""A customer's products: near to what was bought lately, and dear to the customer's segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from insights.recommending.baskets import baskets, owned, tastes
from insights.recommending.together import bought_together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insights.arrays import Floats, Ints
    from insights.recommending.baskets import Purchased

HALF_LIFE_DAYS = 90.0
POPULAR = 0.02
"""The weight of mere popularity: it ranks for those of whom nothing is known."""

SEGMENT_SHARE = 0.25
"""How far a segment's own demand moves a product up or down."""

PRIOR = 20.0
"""Purchases' worth of doubt about a segment's demand for a product."""

CELLS = 10_000_000
"""Customers times products that are scored at once."""


class Recommended(NamedTuple):
    """Products by number, best first; -1 where there are no more."""

    products: Ints
    scores: Floats


@dataclass(frozen=True, slots=True)
class Recommender:
    """Learned from purchases up to one instant."""

    near: sparse.csr_matrix
    tastes: sparse.csr_matrix
    owned: sparse.csr_matrix
    popularity: Floats
    demand: Floats
    """A row a segment: its demand for each product against everybody's; 1 is as everybody."""

    def recommend(
        self, customers: Ints, segments: Ints, count: int, *, only_new: bool = False
    ) -> Recommended:
        """For these customers, each in the segment of this number (-1: in none).

        `only_new` leaves out what one ever bought.
        """
        parts = list(self._parts(customers, segments, count, only_new))
        if not parts:
            return Recommended(np.empty((0, count), np.int64), np.empty((0, count)))
        return Recommended(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def of_segment(self, segment: int, count: int) -> Recommended:
        """What a segment buys more of than others, as far as it buys it at all."""
        return _best((self.popularity * self.demand[segment] ** 2)[None, :], count)

    def _parts(
        self, customers: Ints, segments: Ints, count: int, only_new: bool
    ) -> Iterator[Recommended]:
        at_once = max(CELLS // max(len(self.popularity), 1), 1)
        for begin in range(0, len(customers), at_once):
            who, of = customers[begin : begin + at_once], segments[begin : begin + at_once]
            near = (self.tastes[who] @ self.near).toarray()
            scale = near.max(axis=1, keepdims=True)
            scores = near / np.where(scale > 0, scale, 1.0) + POPULAR * self.popularity
            scores *= np.where(of[:, None] >= 0, self.demand[of] ** SEGMENT_SHARE, 1.0)
            if only_new:
                scores[self.owned[who].toarray() > 0] = -np.inf
            yield _best(scores, count)


def learn(
    bought: Purchased, customers: int, products: int, segments: Ints, now_ms: int
) -> Recommender:
    """`segments` are the customers' own by number, -1 for none."""
    has = owned(bought, customers, products)
    sold = np.asarray(has.sum(axis=0)).ravel()
    return Recommender(
        bought_together(baskets(bought, products)),
        tastes(bought, customers, products, now_ms, HALF_LIFE_DAYS),
        has,
        sold / max(sold.max(initial=0.0), 1.0),
        _demand(has, sold, segments),
    )


def _demand(has: sparse.csr_matrix, sold: Floats, segments: Ints) -> Floats:
    """Buyers in each segment against what its size leads to expect, shrunk towards 1."""
    count = int(segments.max(initial=-1)) + 1
    if not count:
        return np.ones((1, len(sold)))
    inside = segments >= 0
    member = sparse.csr_matrix(
        (np.ones(int(inside.sum())), (segments[inside], np.flatnonzero(inside))),
        shape=(count, len(segments)),
    )
    bought = (member @ has).toarray()
    share = bought.sum(axis=1, keepdims=True) / max(float(sold.sum()), 1.0)
    return np.asarray((bought + PRIOR * share) / (sold * share + PRIOR * share + 1e-12))


def _best(scores: Floats, count: int) -> Recommended:
    """The highest of each row, ties by number; what has no score is no product."""
    most = min(count, scores.shape[1])
    order = np.argsort(-scores, axis=1, kind="stable")[:, :most]
    best = np.take_along_axis(scores, order, axis=1)
    products = np.where(best > 0, order, -1)
    missing = ((0, 0), (0, count - most))
    return Recommended(
        np.pad(products, missing, constant_values=-1),
        np.pad(np.where(products >= 0, best, 0.0), missing),
    )
