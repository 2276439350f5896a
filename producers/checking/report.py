"""What `shoal check` has to say about a file, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """`is_exact` false: estimated from a sample, because the file is very large."""

    value: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """`field`: what Shoal takes the column for; null where it isn't used."""

    name: str
    field: str | None
    kind: str
    missing: int


@dataclass(frozen=True, slots=True)
class Example:
    """One value, and the row of the source it stands in."""

    value: float
    row: int


@dataclass(frozen=True, slots=True)
class Outliers:
    """How many values lie outside `low` to `high`, and the most extreme of all."""

    field: str
    low: float
    high: float
    outside: Count
    smallest: tuple[Example, ...]
    largest: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Returns:
    """Lines that take something back. A cancellation has an order id such as C536379."""

    negative_quantity_lines: int
    cancellation_lines: int
    cancelled_orders: Count
    free_lines: int
    negative_price_lines: int


@dataclass(frozen=True, slots=True)
class OddCodes:
    """Product codes that don't look like the file's others: postage, fees, vouchers."""

    codes: int
    lines: int
    examples: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything together; counts of rows include those that would be rejected."""

    source: str
    format: str
    rows: int
    transactions: int
    rejected: dict[str, int]
    first: str | None
    last: str | None
    customers: Count
    orders: Count
    products: Count
    duplicate_rows: Count
    columns: tuple[ColumnFacts, ...]
    outliers: tuple[Outliers, ...]
    returns: Returns
    odd_codes: OddCodes | None
    lacks: tuple[str, ...]
