"""A customer's products: near to what was bought lately, and dear to the customer's segment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from insights.recommending.baskets import baskets, owned, tastes
from insights.recommending.ranking import NONE, Rows, Shelves, rank
from insights.recommending.together import bought_together

if TYPE_CHECKING:
    from insights.arrays import Floats, Ints
    from insights.recommending.baskets import Purchased

HALF_LIFE_DAYS = 90.0
POPULAR = 0.02
"""The weight of mere popularity: it ranks for those of whom nothing is known."""

SEGMENT_SHARE = 0.25
"""How far a segment's own demand moves a product up or down."""

PRIOR = 20.0
"""Purchases' worth of doubt about a segment's demand for a product."""


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
        found = Recommended(
            np.full((len(customers), count), NONE, np.int64), np.zeros((len(customers), count))
        )
        tastes, near, has = (_rows(table) for table in (self.tastes, self.near, self.owned))
        rank(tastes, near, has, self._shelves(), customers, segments, only_new, *found)
        return found

    def of_segment(self, segment: int, count: int) -> Recommended:
        """What a segment buys more of than others, as far as it buys it at all."""
        return _best(self.popularity * self.demand[segment] ** 2, count)

    def by(self, segments: Ints) -> Recommender:
        """The same of another division of all customers into segments, -1 for none."""
        sold = np.asarray(self.owned.sum(axis=0)).ravel()
        return replace(self, demand=_demand(self.owned, sold, segments))

    def _shelves(self) -> Shelves:
        """With a last row for those in no segment, where -1 finds it."""
        boost = np.vstack([self.demand**SEGMENT_SHARE, np.ones((1, len(self.popularity)))])
        base = POPULAR * self.popularity * boost
        return Shelves(base, boost, np.argsort(-base, axis=1, kind="stable"))


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


def _rows(table: sparse.csr_matrix) -> Rows:
    return Rows(table.indptr.astype(np.int64), table.indices.astype(np.int32), table.data)


def _best(scores: Floats, count: int) -> Recommended:
    """The highest, ties by number; what has no score is no product."""
    order = np.argsort(-scores, kind="stable")[:count]
    missing = (0, count - len(order))
    products = np.pad(np.where(scores[order] > 0, order, NONE), missing, constant_values=NONE)
    best = np.pad(scores[order], missing)
    return Recommended(products[None, :], np.where(products >= 0, best, 0.0)[None, :])
