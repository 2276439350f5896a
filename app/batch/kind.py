"""Whether a file has a row a purchase or a row a customer, as its columns and first rows say."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.replay_sources import SYNTHETIC
from producers.reading.columns import find_columns
from producers.reading.identifiers import identifiers
from producers.sources.open import open_source
from stream.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from producers.reading.columns import ColumnMap
    from producers.reading.dataset import ReadOptions
    from producers.sources.seam import Source

OF_ORDERS = ("order_id", "product_id", "quantity")
"""Fields that only a purchase has."""


class Kind(StrEnum):
    """What `--table` can say."""

    AUTO = "auto"
    TRANSACTIONS = "transactions"
    CUSTOMERS = "customers"


class Told(NamedTuple):
    """The kind, and what speaks for it; nothing where it was said."""

    kind: Kind
    why: str = ""


def kind_of(sources: Sequence[str], asked: Kind, options: ReadOptions) -> Told:
    """As asked for, else as the file looks. Raises SettingsError for what can't be."""
    made = len(sources) > 1 or sources[0].startswith(SYNTHETIC)
    if asked is not Kind.AUTO:
        if asked is Kind.CUSTOMERS and made:
            raise SettingsError(
                "--table customers takes one file, with a row a customer: give it alone"
            )
        return Told(asked)
    return Told(Kind.TRANSACTIONS) if made else kind_in(sources[0], options)


def kind_in(name: str, options: ReadOptions) -> Told:
    """A row a purchase where there are customer, time and money, and customers come again or the
    columns are those of orders."""
    source = open_source(name, options.limits)
    try:
        columns = find_columns(source.name, source.columns, options.mapping)
    except SourceError:
        if (
            options.mapping
        ):  # whoever maps fields means transactions, and gets to know what is wrong
            return Told(Kind.TRANSACTIONS)
        why = "it has no columns for who bought when for how much"
        return Told(Kind.CUSTOMERS, why)
    (who, *_) = columns.of("customer_id")
    if _comes_again(source, who):
        return Told(Kind.TRANSACTIONS)
    if _is_of_orders(columns) or _says_nothing_else(source, columns):
        return Told(Kind.TRANSACTIONS)
    return Told(Kind.CUSTOMERS, f"nobody's {who} is there twice in its first rows")


def _is_of_orders(columns: ColumnMap) -> bool:
    return sum(field in columns for field in OF_ORDERS) >= 2


def _says_nothing_else(source: Source, columns: ColumnMap) -> bool:
    """Who, when and how much, and no column about the customer besides."""
    used = {name for field in columns.fields for name in columns.of(field)}
    return set(source.columns) <= used


def _comes_again(source: Source, column: str) -> bool:
    first = next((raw.rows for raw in source.batches() if raw.rows.num_rows), None)
    return first is not None and _has_twice(identifiers(first.column(column)))


def _has_twice(ids: pa.Array) -> bool:
    known = ids.drop_null()
    return len(known.unique()) < len(known)
