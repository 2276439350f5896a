"""Which column of a table of purchases is which field, and what each says.

Files of every kind go through `shoal segment`, which understands more; a frame in memory has types
already, and names that its owner can say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.attributes.identifying import named, plain
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAMES: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customerid",),
    "occurred_at": ("occurredat", "invoicedate", "orderdate", "transactiondate", "purchasedate"),
    "order_id": ("orderid", "invoiceno", "invoice", "invoiceid", "invoicenumber"),
    "product_id": ("productid", "stockcode", "sku"),
    "category": ("category", "productcategory"),
    "country": ("country",),
    "quantity": ("quantity", "qty"),
    "unit_price": ("unitprice", "price"),
    "discount": ("discount",),
    "event_id": ("eventid",),
    "amount": ("amount", "totalprice", "totalamount"),
}
"""The usual ones, without case, blanks and punctuation."""


def fields_of(columns: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """For each field that is there its column.

    >>> fields_of(["CustomerID", "InvoiceDate", "UnitPrice", "note"], {})["occurred_at"]
    'InvoiceDate'
    """
    for field in told:
        if field not in NAMES:
            raise InputError(f"fields: there is no field {field!r}; there are {', '.join(NAMES)}")
    found = {field: named(columns, column, f"fields {field}") for field, column in told.items()}
    for field, names in NAMES.items():
        alike = [column for name in names for column in columns if plain(column) == name]
        if field not in found and alike:
            found[field] = alike[0]
    return found


def require_enough(found: Mapping[str, str], columns: Sequence[str]) -> None:
    """Customer, time and money are what nothing can be said without."""
    missing = [field for field in ("customer_id", "occurred_at") if field not in found]
    if "unit_price" not in found and "amount" not in found:
        missing.append("unit_price")
    if missing:
        raise InputError(
            f"no column is known as {', '.join(missing)}; there are {', '.join(columns[:30])}. "
            f"Say which is meant: fields={{{missing[0]!r}: 'COLUMN'}}"
        )
