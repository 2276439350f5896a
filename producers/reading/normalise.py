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
from producers.reading.clock import FIRST_MS, Clock
from producers.reading.date_style import DateStyle
from producers.reading.dates import moments_of
from producers.reading.identifiers import identifiers
from producers.reading.numbers import Numbers, absent, constant, numbers, summed
from producers.reading.reasons import Reason, Reasons
from producers.reading.two_columns import date_and_time

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from producers.reading.columns import ColumnMap
    from producers.reading.moments import Moments

NAMES = ("order_id", "product_id", "category", "country", "event_id")


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
    """The first thing wrong with a row is its reason, in the order below."""
    count = rows.num_rows
    reasons = Reasons(count)
    customer = _names(rows, reading, "customer_id")
    reasons.give(Reason.NO_CUSTOMER, _is_null(customer))
    moments = moments_in(rows, reading)
    reasons.give(Reason.NO_DATE, moments.missing)
    reasons.give(Reason.BAD_DATE, moments.wrong)
    utc_ms, offsets = reading.clock.instants(moments)
    reasons.give(Reason.OUT_OF_RANGE, utc_ms < FIRST_MS)
    money = _Money.of(rows, reading)
    money.judge(reasons)
    columns = {
        "customer_id": customer,
        "occurred_at": pa.array(utc_ms).cast(pa.timestamp("ms", "UTC")),
        "offset_minutes": pa.array(offsets.astype(np.int16, casting="unsafe")),
        "time_known": pa.array(_time_known(moments, reading)),
        **{name: _names(rows, reading, name) for name in NAMES},
        **money.columns(),
    }
    made = pa.RecordBatch.from_arrays([columns[name] for name in LINES.names], schema=LINES)
    return Normalised(_kept(made, reasons.codes), reasons.codes)


def moments_in(rows: pa.RecordBatch, reading: Reading) -> Moments:
    """When each row happened, as the source says it."""
    return moments_of(moment_column(rows, reading.columns), reading.dates)


def moment_column(rows: pa.RecordBatch, columns: ColumnMap) -> pa.Array:
    """The cells that say when; where date and time are apart, put together."""
    parts = [rows.column(name) for name in columns.of("occurred_at")]
    return parts[0] if len(parts) == 1 else date_and_time(parts)


@dataclass(frozen=True, slots=True)
class _Money:
    """The four numbers of a line."""

    quantity: Numbers
    unit_price: Numbers
    discount: Numbers
    amount: Numbers

    @classmethod
    def of(cls, rows: pa.RecordBatch, reading: Reading) -> _Money:
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
        return cls(quantity, unit_price, discount, amount)

    def judge(self, reasons: Reasons) -> None:
        reasons.give(Reason.QUANTITY_NOT_A_NUMBER, self.quantity.wrong)
        reasons.give(Reason.UNIT_PRICE_NOT_A_NUMBER, self.unit_price.wrong)
        reasons.give(Reason.DISCOUNT_NOT_A_NUMBER, self.discount.wrong)
        reasons.give(Reason.AMOUNT_NOT_A_NUMBER, self.amount.wrong)
        reasons.give(Reason.NO_QUANTITY, self.quantity.missing)
        reasons.give(Reason.NO_PRICE, self.unit_price.missing & self.amount.missing)
        reasons.give(Reason.NEGATIVE_PRICE, np.where(self._derived, self._opposed, self._negative))

    @property
    def _derived(self) -> NDArray[np.bool_]:
        return self.unit_price.missing

    @property
    def _negative(self) -> NDArray[np.bool_]:
        return self.unit_price.values < 0

    @property
    def _opposed(self) -> NDArray[np.bool_]:
        """The price is (amount + discount) / quantity: below zero where their signs differ."""
        paid = self.amount.values + self.discount.values
        opposed: NDArray[np.bool_] = np.sign(paid) * np.sign(self.quantity.values) < 0
        return opposed

    def columns(self) -> dict[str, pa.Array]:
        return {
            "quantity": pa.array(self.quantity.values),
            "unit_price": pa.array(self.unit_price.values, mask=~self.unit_price.usable),
            "discount": pa.array(self.discount.values),
            "amount": pa.array(self.amount.values, mask=~self.amount.usable),
        }


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


def _kept(made: pa.RecordBatch, codes: NDArray[np.int8]) -> pa.RecordBatch:
    return made.filter(pa.array(codes == 0)) if codes.any() else made
