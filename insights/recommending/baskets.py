"""Purchases as the models read them: who bought what, together with what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from insights.arrays import Floats, Ints

MOST_PRODUCTS_A_BASKET = 200
"""A basket of more says little of what belongs together, and costs the square of its size."""


class Purchased(NamedTuple):
    """A row a line: customers, orders and products by number, counted from 0."""

    customers: Ints
    orders: Ints
    products: Ints
    at_ms: Ints

    def where(self, rows: Ints) -> Purchased:
        return Purchased(*(column[rows] for column in self))


def baskets(bought: Purchased, products: int) -> sparse.csr_matrix:
    """A row an order, 1 where it has the product; orders of one product or of very many aside."""
    _, orders = np.unique(bought.orders, return_inverse=True)
    table = _ones(orders, bought.products, int(orders.max(initial=-1)) + 1, products)
    sizes = np.asarray(table.sum(axis=1)).ravel()
    return table[(sizes >= 2) & (sizes <= MOST_PRODUCTS_A_BASKET)]


def owned(bought: Purchased, customers: int, products: int) -> sparse.csr_matrix:
    """A row a customer, 1 where one ever bought the product."""
    return _ones(bought.customers, bought.products, customers, products)


def tastes(
    bought: Purchased, customers: int, products: int, now_ms: int, half_life_days: float
) -> sparse.csr_matrix:
    """A row a customer: each product's orders, which count half after so many days."""
    once = np.unique(bought.orders * products + bought.products, return_index=True)[1]
    line = bought.where(once)
    age: Floats = (now_ms - line.at_ms) / (86_400_000 * half_life_days)
    shape = (customers, products)
    return sparse.csr_matrix((np.exp2(-age), (line.customers, line.products)), shape=shape)


def _ones(rows: Ints, columns: Ints, height: int, width: int) -> sparse.csr_matrix:
    ones = np.ones(len(rows), np.float64)
    table = sparse.csr_matrix((ones, (rows, columns)), shape=(height, width))
    table.data[:] = 1.0  # what was bought twice was added up
    return table
