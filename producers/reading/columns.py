"""Which column of a source is which field of a line: by the usual retail names, or as told.

Case, blanks and punctuation don't count: `Customer ID` and `customer_id` are one name.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from producers.reading.aliases import ALIASES
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

JOINED = "+"  # discount=retail_disc+coupon_disc
SUMMED = frozenset({"quantity", "unit_price", "discount", "amount"})
MOMENT = "occurred_at"  # the one field whose columns are put behind each other: date+time


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """For each field that is there the columns it is made of, mostly one."""

    fields: Mapping[str, tuple[str, ...]]

    def __contains__(self, field: str) -> bool:
        return field in self.fields

    def of(self, field: str) -> tuple[str, ...]:
        return self.fields.get(field, ())


def find_columns(
    source: str, columns: Sequence[str], told: Iterable[tuple[str, str]] = ()
) -> ColumnMap:
    """What the aliases find in `columns`, overridden by what was told.

    >>> found = find_columns("shop.csv", ["InvoiceDate", "Client ID", "Total", "disc", "cpn"],
    ...                      [("discount", "disc+cpn")])
    >>> found.of("customer_id"), found.of("discount")
    (('Client ID',), ('disc', 'cpn'))
    """
    overrides = {field: _parts(source, columns, field, value) for field, value in told}
    fields = {
        field: overrides[field] if field in overrides else _by_alias(source, columns, field)
        for field in ALIASES
    }
    found = ColumnMap({field: parts for field, parts in fields.items() if parts})
    _check_needed(source, columns, found)
    return found


def plain(name: str) -> str:
    """
    >>> plain("Customer ID"), plain("customer_id")
    ('customerid', 'customerid')
    """
    return re.sub(r"[\W_]+", "", name.casefold())


def _by_alias(source: str, columns: Sequence[str], field: str) -> tuple[str, ...]:
    """The first rank of aliases that is in the file decides; two of one rank can't."""
    for rank in ALIASES[field]:
        found = [column for column in columns if plain(column) in rank]
        if len(found) > 1:
            raise SourceError(
                f"{source}: {field} could be {' or '.join(found)}. "
                f"Say which: --map {field}={found[0]}"
            )
        if found:
            return (found[0],)
    return ()


def _parts(source: str, columns: Sequence[str], field: str, value: str) -> tuple[str, ...]:
    """The columns named by one `--map FIELD=VALUE`; an empty value leaves the field out."""
    if field not in ALIASES:
        raise SourceError(
            f"--map {field}={value}: there is no field {field}. "
            f"There are {', '.join(ALIASES)}{_close(field, ALIASES)}"
        )
    if not value:
        return ()
    names = [value] if _named(columns, value) else value.split(JOINED)
    parts = tuple(_named(columns, name) or _unknown(source, columns, name) for name in names)
    if len(parts) > 1 and field not in SUMMED and field != MOMENT:
        raise SourceError(
            f"--map {field}={value}: {field} is one column; only "
            f"{', '.join(sorted(SUMMED))} can be sums, and {MOMENT} a date and a time"
        )
    return parts


def _named(columns: Sequence[str], name: str) -> str | None:
    if name in columns:
        return name
    alike = [column for column in columns if plain(column) == plain(name) != ""]
    return alike[0] if len(alike) == 1 else None


def _unknown(source: str, columns: Sequence[str], name: str) -> str:
    raise SourceError(
        f"{source} has no column {name!r}{_close(name, columns)}. It has: {', '.join(columns)}"
    )


def _close(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _check_needed(source: str, columns: Sequence[str], found: ColumnMap) -> None:
    missing = [field for field in ("customer_id", MOMENT) if field not in found]
    if "unit_price" not in found and "amount" not in found:
        missing.append("unit_price")
    if missing:
        told = " ".join(f"--map {field}=COLUMN" for field in missing)
        named = ", ".join(missing).replace("unit_price", "unit_price or amount")
        raise SourceError(
            f"{source} has no column known as {named}, so it is no file of transactions "
            f"as it stands. It has: {', '.join(columns)}. Where one of these is meant, "
            f"say which: {told}"
        )
