"""Which column says who a customer is, and what each of them is called."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from snapshot.attributes.cells import Texts, cells_of, clean
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.model.arrays import Ints

NAMES = (
    *("customerid", "customer", "custid", "customerno", "customernumber", "customerkey"),
    *(
        "customercode",
        "id",
        "clientid",
        "client",
        "memberid",
        "member",
        "userid",
        "user",
        "shopperid",
    ),
    *("buyerid", "householdid", "accountid", "cardid", "loyaltyid", "visitorid"),
    *("email", "emailaddress"),
)
"""The best first, without case, blanks and punctuation."""

LAST_WORDS = frozenset({"id", "key", "uuid", "guid", "email", "phone"})
ROW_NUMBER = re.compile(r"index|rownumber|rowid|unnamed\d*")


@dataclass(frozen=True, slots=True, eq=False)
class Identified:
    """Who is there."""

    column: str | None
    """None: no column says it, and rows have their numbers."""

    ids: tuple[str, ...]
    """Of the rows kept, each once."""

    rows: Ints
    """Which rows of the table these are."""

    remarks: tuple[str, ...] = ()


def plain(name: str) -> str:
    """
    >>> plain("Customer ID"), plain("customer_id")
    ('customerid', 'customerid')
    """
    return re.sub(r"[\W_]+", "", name.casefold())


def identified(table: pa.Table, told: str | None) -> Identified:
    """By the column that was told, else by its name. Raises InputError where an id is there twice,
    for then a row is no customer."""
    column = named(table.column_names, told, "--id") if told else _found(table)
    if column is None:
        ids = tuple(f"row {number}" for number in range(1, table.num_rows + 1))
        said = "no column says who a customer is: they are called by their rows (--id names one)"
        return Identified(None, ids, np.arange(table.num_rows), (said,))
    known = texts_of(table[column])
    rows = np.array([row for row, one in enumerate(known) if one], np.int64)
    ids = tuple(one for one in known if one)
    _require_apart(column, ids)
    if not ids:
        raise InputError(f"the column {column!r} is empty, so nobody can be told apart by it")
    lost = len(known) - len(ids)
    said = f"{lost:,} of {len(known):,} rows have no {column} and are left out"
    return Identified(column, ids, rows, (said,) if lost else ())


def named(columns: Sequence[str], name: str, flag: str) -> str:
    """The column that is meant: by its name, or the only one that is alike but for case and
    punctuation."""
    if name in columns:
        return name
    alike = [column for column in columns if plain(column) == plain(name) != ""]
    if len(alike) == 1:
        return alike[0]
    near = difflib.get_close_matches(name, list(columns), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(columns[:30])}"
    raise InputError(f"{flag} {name}: the table has no such column; {hint}")


def is_identifier(name: str) -> bool:
    """Whether a column of this name, with another value in every row, is one more id.

    >>> is_identifier("Account ID"), is_identifier("paid"), is_identifier("Unnamed: 0")
    (True, False, True)
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    last = re.split(r"[\W_]+", words.casefold().strip())[-1]
    return last in LAST_WORDS or bool(ROW_NUMBER.fullmatch(plain(name)))


def texts_of(column: pa.ChunkedArray) -> list[str | None]:
    """As people write ids: whole numbers without a point."""
    whole = column.combine_chunks()
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    if pa.types.is_floating(whole.type):
        return [_number(value) for value in whole.to_pylist()]
    try:
        texts: list[str | None] = clean(whole.cast(pa.string())).to_pylist()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise InputError(
            "the column of ids has cells that are no texts: say another --id"
        ) from None
    return texts


def _number(value: float | None) -> str | None:
    if value is None or not np.isfinite(value):
        return None
    return f"{value:.0f}" if value == int(value) else repr(value)


def _found(table: pa.Table) -> str | None:
    """By name, the best that tells customers apart; else the first column, where all its texts are
    different. An id by its name that doesn't tell them apart is found all the same, to be said."""
    candidates = _by_name(table.column_names)
    apart = (column for column in candidates if _tells_apart(table[column]))
    found = next(apart, None)
    if found is not None:
        return found
    ids = (column for column in candidates if is_identifier(column))
    first = table.column_names[0]
    return next(ids, None) or (first if _are_all_different(table[first]) else None)


def _by_name(columns: Sequence[str]) -> list[str]:
    usual = [column for name in NAMES for column in columns if plain(column) == name]
    others = [column for column in columns if is_identifier(column) and column not in usual]
    return [*usual, *others]


def _tells_apart(column: pa.ChunkedArray) -> bool:
    known = column.drop_null()
    return len(known) > 0 and not pa.types.is_nested(column.type) and _differ(known)


def _are_all_different(column: pa.ChunkedArray) -> bool:
    """Texts only: a number may well be another in every row and say something."""
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return is_text and not column.null_count and _differ(column) and not _are_numbers(column)


def _differ(column: pa.ChunkedArray) -> bool:
    return int(pc.count_distinct(column).as_py()) == len(column)


def _are_numbers(column: pa.ChunkedArray) -> bool:
    return not isinstance(cells_of(column), Texts)


def _require_apart(column: str, ids: Sequence[str]) -> None:
    if len(set(ids)) == len(ids):
        return
    twice = sum(1 for count in Counter(ids).values() if count > 1)
    raise InputError(
        f"{twice:,} values of {column!r} are there more than once, and a row has to be a customer: "
        "if each row is a purchase, say --table transactions; else name the column that tells "
        "customers apart with --id"
    )
