"""Which products are bought with which: counted in baskets, corrected for what everybody buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insights.arrays import Floats, Ints

NEIGHBOURS = 50
"""Kept for each product; so the memory is bounded by the number of products."""

SHRINK = 5.0
"""Baskets' worth of doubt: two products seen together once or twice may be chance."""

CORRECTION = 0.5
"""The power of popularity that is divided by: 0 recommends the best sellers, 1 the oddities."""

CELLS = 10_000_000
"""Pairs that are counted at once."""


def bought_together(
    table: sparse.csr_matrix, *, correction: float = CORRECTION, neighbours: int = NEIGHBOURS
) -> sparse.csr_matrix:
    """A row a product: its nearest others with their likeness, the strongest only.

    >>> orders = sparse.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1]], dtype=float))
    >>> likeness = bought_together(orders).toarray()
    >>> bool(likeness[0, 1] > likeness[0, 2] > 0), float(likeness[0, 0])
    (True, 0.0)
    """
    counts = np.asarray(table.sum(axis=0)).ravel()
    turned = table.T.tocsr()
    parts = [
        _nearest(turned[begin:end] @ table, begin, counts, correction, neighbours)
        for begin, end in _cut(table)
    ]
    return sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix(table.shape[1:] * 2)


def _cut(table: sparse.csr_matrix) -> Iterator[tuple[int, int]]:
    """Products whose pairs are so many at most; a product's are no more than there are products."""
    sizes = np.asarray(table.sum(axis=1)).ravel()
    most = np.minimum(table.T @ sizes, table.shape[1])
    begin, cells = 0, 0.0
    for product, pairs in enumerate(most.tolist()):
        if cells + pairs > CELLS and product > begin:
            yield begin, product
            begin, cells = product, 0.0
        cells += pairs
    if begin < len(most):
        yield begin, len(most)


def _nearest(
    together: sparse.csr_matrix, begin: int, counts: Floats, correction: float, neighbours: int
) -> sparse.csr_matrix:
    found = together.tocoo()
    rows, columns, both = found.row, found.col, found.data
    other = rows + begin != columns
    rows, columns, both = rows[other], columns[other], both[other]
    likeness = both / (both + SHRINK) * both
    likeness /= counts[rows + begin] * counts[columns] ** correction
    kept = _strongest(rows, likeness, neighbours)
    return sparse.csr_matrix((likeness[kept], (rows[kept], columns[kept])), shape=together.shape)


def _strongest(rows: Ints, likeness: Floats, most: int) -> Ints:
    """The places of each row's strongest."""
    order = np.lexsort((-likeness, rows))
    begins = np.searchsorted(rows[order], rows[order], side="left")
    return np.asarray(order[np.arange(len(order)) - begins < most])
