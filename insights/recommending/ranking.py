"""The best products of each customer, one customer after the other, compiled.

Apart because a million customers times ten thousand products is no table: what a customer scores
is looked at only where something near was bought, and else the order of a segment is walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.borrowing import inlined
from stream.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from insights.arrays import Floats, Ints

    Places = NDArray[np.int32]

NONE = -1


class Rows(NamedTuple):
    """A sparse table: where each row begins, its columns, what stands there."""

    begins: Ints
    columns: Places
    values: Floats


class Shelves(NamedTuple):
    """A row a segment, and a last one for customers in none."""

    base: Floats
    """What a product scores with nobody knowing anything."""

    boost: Floats
    """By how much the segment moves it."""

    order: Ints
    """The products, the highest base first."""


@compiled
def rank(
    tastes: Rows,
    near: Rows,
    owned: Rows,
    shelves: Shelves,
    customers: Ints,
    segments: Ints,
    only_new: bool,
    products: Ints,
    scores: Floats,
) -> None:
    """Fills in a row a customer, best first, ties by number; -1 where there are no more."""
    count = shelves.base.shape[1]
    likeness, met = np.zeros(count), np.empty(count, np.int64)
    is_met, is_owned = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for i in range(len(customers)):
        customer, segment = customers[i], segments[i]
        found = _gather(tastes, near, customer, likeness, met, is_met)
        if only_new:
            _mark(owned, customer, is_owned, True)
        used = _near_ones(shelves, segment, likeness, met[:found], is_owned, products[i], scores[i])
        _fill_up(shelves, segment, is_met, is_owned, products[i], scores[i], used)
        for k in range(found):
            likeness[met[k]], is_met[met[k]] = 0.0, False
        if only_new:
            _mark(owned, customer, is_owned, False)


@inlined
def _gather(
    tastes: Rows,
    near: Rows,
    customer: int,
    likeness: Floats,
    met: Ints,
    is_met: NDArray[np.bool_],
) -> int:
    """Adds up what is near to the customer's products, the nearest as 1; how many were met."""
    found, most = 0, 0.0
    for taste in range(tastes.begins[customer], tastes.begins[customer + 1]):
        product, weight = tastes.columns[taste], tastes.values[taste]
        for place in range(near.begins[product], near.begins[product + 1]):
            other = near.columns[place]
            if not is_met[other]:
                is_met[other], met[found] = True, other
                found += 1
            likeness[other] += weight * near.values[place]
    for k in range(found):
        most = max(most, likeness[met[k]])
    if most > 0:
        for k in range(found):
            likeness[met[k]] /= most
    return found


@inlined
def _mark(owned: Rows, customer: int, is_owned: NDArray[np.bool_], mark: bool) -> None:
    for place in range(owned.begins[customer], owned.begins[customer + 1]):
        is_owned[owned.columns[place]] = mark


@inlined
def _near_ones(
    shelves: Shelves,
    segment: int,
    likeness: Floats,
    met: Ints,
    is_owned: NDArray[np.bool_],
    products: Ints,
    scores: Floats,
) -> int:
    """The best of what was met; how many places that takes."""
    used = 0
    for k in range(len(met)):
        product = met[k]
        score = shelves.base[segment, product]
        score += likeness[product] * shelves.boost[segment, product]
        if not is_owned[product] and score > 0:
            used = _insert(products, scores, used, product, score)
    return used


@inlined
def _fill_up(
    shelves: Shelves,
    segment: int,
    is_met: NDArray[np.bool_],
    is_owned: NDArray[np.bool_],
    products: Ints,
    scores: Floats,
    used: int,
) -> None:
    """Walks the segment's shelf until nothing on it comes among the best any more."""
    for k in range(shelves.order.shape[1]):
        product = shelves.order[segment, k]
        score = shelves.base[segment, product]
        if score <= 0:
            break
        if used == len(products) and not _is_better(
            score, product, scores[used - 1], products[used - 1]
        ):
            break
        if not is_met[product] and not is_owned[product]:
            used = _insert(products, scores, used, product, score)


@inlined
def _insert(products: Ints, scores: Floats, used: int, product: int, score: float) -> int:
    """Puts it where it belongs among the best, the last of which may fall out."""
    if used == len(products):
        if used == 0 or not _is_better(score, product, scores[used - 1], products[used - 1]):
            return used
        used -= 1
    at = used
    while at > 0 and _is_better(score, product, scores[at - 1], products[at - 1]):
        products[at], scores[at] = products[at - 1], scores[at - 1]
        at -= 1
    products[at], scores[at] = product, score
    return used + 1


@inlined
def _is_better(score: float, product: int, other_score: float, other: int) -> bool:
    return score > other_score or (score == other_score and product < other)
