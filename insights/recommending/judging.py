"""How good recommendations are: learned up to an instant, held against what was bought after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from insights.recommending.baskets import owned
from insights.recommending.ranking import NONE
from insights.recommending.recommender import learn

if TYPE_CHECKING:
    from insights.arrays import Floats, Ints
    from insights.recommending.baskets import Purchased

COUNT = 10
MOST_CUSTOMERS = 4_000
"""That many are asked about, of the known ones every so-manieth: enough for a rate to a percent."""


class Judged(NamedTuple):
    """Of customers known before the split who bought after it."""

    customers: int
    hit_rate: float
    """The share of them who bought one of the products recommended at least."""

    coverage: float
    """The share of all products that were recommended to anybody."""

    popular_hit_rate: float
    popular_coverage: float


def judge(
    bought: Purchased, segments: Ints, split_ms: int, *, count: int = COUNT, only_new: bool = False
) -> Judged:
    """`only_new` counts products that the customer had never bought, on both sides."""
    customers, products = len(segments), int(bought.products.max(initial=-1)) + 1
    before = bought.where(np.flatnonzero(bought.at_ms < split_ms))
    after = bought.where(np.flatnonzero(bought.at_ms >= split_ms))
    recommender = learn(before, customers, products, segments, split_ms)
    came = owned(after, customers, products)
    if only_new:
        came = came - came.multiply(recommender.owned)
        came.eliminate_zeros()
    had = recommender.owned.getnnz(axis=1)
    who = np.flatnonzero((had > 0) & (came.getnnz(axis=1) > 0))
    who = who[:: max(-(-len(who) // MOST_CUSTOMERS), 1)]
    if not len(who):
        return Judged(0, 0.0, 0.0, 0.0, 0.0)
    theirs = recommender.recommend(who, segments[who], count, only_new=only_new).products
    popular = _popular(recommender.popularity, recommender.owned[who], count, only_new)
    truth = came[who]
    return Judged(
        len(who),
        _hits(theirs, truth),
        len(np.unique(theirs[theirs >= 0])) / max(products, 1),
        _hits(popular, truth),
        len(np.unique(popular[popular >= 0])) / max(products, 1),
    )


def _popular(popularity: Floats, has: sparse.csr_matrix, count: int, only_new: bool) -> Ints:
    """The best sellers: the same for everybody, or those that one doesn't have."""
    order = np.argsort(-popularity, kind="stable")
    if not only_new:
        return np.tile(order[:count], (has.shape[0], 1))
    found = np.full((has.shape[0], count), NONE, np.int64)
    for row in range(has.shape[0]):
        theirs = has.indices[has.indptr[row] : has.indptr[row + 1]]
        among = order[: count + len(theirs)]
        fresh = among[~np.isin(among, theirs)][:count]
        found[row, : len(fresh)] = fresh
    return found


def _hits(recommended: Ints, truth: sparse.csr_matrix) -> float:
    """The share of customers one of whose products at least came true."""
    rows, places = np.nonzero(recommended >= 0)
    said = sparse.csr_matrix(
        (np.ones(len(rows)), (rows, recommended[rows, places])), shape=truth.shape
    )
    return float((said.multiply(truth).getnnz(axis=1) > 0).mean())
