"""A raw batch becomes lines; what can't become one is set aside with one reason each.

Whole columns at a time, and nothing here knows where the rows came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from producers.lines import LINES
from producers.reading.calendar_days import DAY_MS
from producers.reading.clock import END_MS, FIRST_MS, Clock
from producers.reading.date_style import DateStyle
from producers.reading.dates import moments_of
from producers.reading.identifiers import identifiers
from producers.reading.money import Money
from producers.reading.numbers import Numbers, absent, constant, numbers, summed
from producers.reading.plain_text import unfit
from producers.reading.reasons import Reason, Reasons
from producers.reading.two_columns import date_and_time

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from producers.reading.columns import ColumnMap
    from producers.reading.moments import Moments

# The names that a line may have, and the reason where one can't stand in a message.
NAMES = {
    "event_id": Reason.EVENT_ID_INVALID_FIELD,
    "order_id": Reason.ORDER_ID_INVALID_FIELD,
    "product_id": Reason.PRODUCT_ID_INVALID_FIELD,
    "category": Reason.CATEGORY_INVALID_FIELD,
    "country": Reason.COUNTRY_INVALID_FIELD,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How one source is to be understood: decided once, before its first row is given out."""

    columns: ColumnMap
    clock: Clock = field(default_factory=Clock)
    dates: DateStyle = field(default_factory=DateStyle)
    decimal_comma: bool = False
    midnight_is_no_time: bool = False  # every time looked at was 00:00: the source has dates only


@dataclass(frozen=True, slots=True)
class Normalised:
    """`lines` of the rows that made it; `reasons` has one code for every row, 0 for those."""

    lines: pa.RecordBatch
    reasons: NDArray[np.int8]


def normalise(rows: pa.RecordBatch, reading: Reading) -> Normalised:
    """Only what the contract takes becomes a line: nothing that is sent is refused later."""
    made, codes = judged(rows, reading)
    return Normalised(made.filter(pa.array(codes == 0)) if codes.any() else made, codes)


def judged(rows: pa.RecordBatch, reading: Reading) -> tuple[pa.RecordBatch, NDArray[np.int8]]:
    """Every row as a line, and its reason not to be one, or 0.

    The first thing wrong with a row is its reason, in the order below.
    """
    reasons = Reasons(rows.num_rows)
    names = {name: _names(rows, reading, name) for name in ("customer_id", *NAMES)}
    reasons.give(Reason.NO_CUSTOMER, _is_null(names["customer_id"]))
    reasons.give(Reason.CUSTOMER_ID_INVALID_FIELD, unfit(names["customer_id"]))
    moments = moments_in(rows, reading)
    reasons.give(Reason.NO_DATE, moments.missing)
    reasons.give(Reason.BAD_DATE, moments.wrong)
    utc_ms, offsets = reading.clock.instants(moments)
    reasons.give(Reason.OCCURRED_AT_OUT_OF_RANGE, (utc_ms < FIRST_MS) | (utc_ms >= END_MS))
    for name, reason in NAMES.items():
        reasons.give(reason, unfit(names[name]))
    money = money_in(rows, reading)
    money.judge(reasons)
    columns = {
        **names,
        "occurred_at": pa.array(utc_ms).cast(pa.timestamp("ms", "UTC")),
        "offset_minutes": pa.array(offsets.astype(np.int16, casting="unsafe")),
        "time_known": pa.array(_time_known(moments, reading)),
        **money.columns(),
    }
    made = pa.RecordBatch.from_arrays([columns[name] for name in LINES.names], schema=LINES)
    return made, reasons.codes


def moments_in(rows: pa.RecordBatch, reading: Reading) -> Moments:
    """When each row happened, as the source says it."""
    return moments_of(moment_column(rows, reading.columns), reading.dates)


def moment_column(rows: pa.RecordBatch, columns: ColumnMap) -> pa.Array:
    """The cells that say when; where date and time are apart, put together."""
    parts = [rows.column(name) for name in columns.of("occurred_at")]
    return parts[0] if len(parts) == 1 else date_and_time(parts)


def money_in(rows: pa.RecordBatch, reading: Reading) -> Money:
    amount = field_numbers(rows, reading, "amount")
    # Without a quantity a line is one unit; money given back is one unit given back.
    quantity = (
        field_numbers(rows, reading, "quantity")
        if "quantity" in reading.columns
        else constant(rows.num_rows, 1.0).signed_like(amount)
    )
    unit_price, discount = (
        field_numbers(rows, reading, name) for name in ("unit_price", "discount")
    )
    return Money(quantity, unit_price, discount, amount)


def field_numbers(rows: pa.RecordBatch, reading: Reading, name: str) -> Numbers:
    parts = reading.columns.of(name)
    if not parts:
        return absent(rows.num_rows)
    found = [numbers(rows.column(part), decimal_comma=reading.decimal_comma) for part in parts]
    if name == "discount":  # some tills write money taken off as a number below zero
        found = [part.magnitude() for part in found]
    return found[0] if len(found) == 1 else summed(found)


def _names(rows: pa.RecordBatch, reading: Reading, name: str) -> pa.Array:
    parts = reading.columns.of(name)
    return identifiers(rows.column(parts[0])) if parts else pa.nulls(rows.num_rows, pa.string())


def _time_known(moments: Moments, reading: Reading) -> NDArray[np.bool_]:
    if not reading.midnight_is_no_time:
        return moments.is_timed
    known: NDArray[np.bool_] = moments.is_timed & (moments.wall_ms % DAY_MS != 0)
    return known


def _is_null(column: pa.Array) -> NDArray[np.bool_]:
    nulls: NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
    return nulls
